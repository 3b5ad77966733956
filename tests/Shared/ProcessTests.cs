using Xunit;

namespace Vitrine.Testing;

/// <summary>
/// Tests that start processes, wait for time or listen on ports: one after the other, so that they do not take the machine from each other, and all of
/// them run again and again by <c>tests/soak</c>, which finds them by this trait.
/// </summary>
[CollectionDefinition(nameof(ProcessTests))]
[Trait("Soak", "yes")]
public sealed class ProcessTests;
