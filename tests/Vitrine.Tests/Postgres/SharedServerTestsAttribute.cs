using Xunit.v3;

namespace Vitrine.Tests.Postgres;

/// <summary>
/// Tests on the PostgreSQL or PGlite that all tests share: <c>tests/soak</c> runs them as it runs <see cref="ProcessTests"/>, but each has a database of
/// its own, so that they run beside each other.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SharedServerTestsAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Soak", "yes")];
}
