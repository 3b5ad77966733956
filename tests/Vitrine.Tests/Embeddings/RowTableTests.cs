using FsCheck;
using FsCheck.Fluent;
using Vitrine.Embeddings;
using Xunit;

namespace Vitrine.Tests.Embeddings;

public sealed class RowTableTests
{
    [Fact]
    public void SetAndRemove_AnySequence_FindsWhatADictionaryFinds() =>
        Prop.ForAll<(short Id, bool Remove)[]>(steps => Agrees(steps.Select(step => ((long)step.Id, step.Remove)))).QuickCheckThrowOnFailure();

    [Fact]
    public void SetAndRemove_CrowdedIds_FindsWhatADictionaryFinds()
    {
        var random = new Random(3);
        Assert.True(Agrees(Enumerable.Range(0, 20_000).Select(_ => (random.NextInt64(3_000), random.Next(3) == 0)).ToArray()));
    }

    private static bool Agrees(IEnumerable<(long Id, bool Remove)> steps)
    {
        var ids = new List<long>();
        var table = new RowTable(row => ids[row]);
        var expected = new Dictionary<long, int>();
        foreach (var (id, remove) in steps)
        {
            if (remove)
            {
                table.Remove(id);
                expected.Remove(id);
            }
            else
            {
                ids.Add(id);
                table.Set(id, ids.Count - 1);
                expected[id] = ids.Count - 1;
            }
        }

        return table.Count == expected.Count && ids.All(id => table.Find(id) == expected.GetValueOrDefault(id, -1));
    }
}
