using Xunit;

namespace Vitrine.Tests.Decoding;

/// <summary>libvips has one buffer of errors in a process: tests that inspect damaged files in their own process run one after the other.</summary>
[CollectionDefinition(nameof(OneErrorBuffer))]
public sealed class OneErrorBuffer;
