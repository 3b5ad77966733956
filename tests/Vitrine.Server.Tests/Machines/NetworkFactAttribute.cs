using System.Runtime.CompilerServices;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Vitrine.Server.Tests.Machines;

/// <summary>
/// A test that makes machines of network namespaces. They need root and a kernel that has them: without root the test is skipped, and
/// where root may not make any, as in some containers, it does not exist, and standard error says why.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(Discoverer))]
public sealed class NetworkFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : FactAttribute(file, line)
{
    /// <summary>Leaves the test out where it cannot run.</summary>
    internal sealed class Discoverer : FactDiscoverer
    {
        public override async ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
            ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute)
        {
            if (!Environment.IsPrivilegedProcess || await NetworkMachine.TroubleOrNullAsync() is not { } trouble)
                return await base.Discover(discoveryOptions, testMethod, factAttribute);
            await Console.Error.WriteLineAsync($"{testMethod.MethodName} is left out, no network namespace can be made here: {trouble}");
            return [];
        }
    }
}
