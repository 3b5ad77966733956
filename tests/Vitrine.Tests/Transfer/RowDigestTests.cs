using Microsoft.Data.Sqlite;
using Vitrine.Transfer;
using Xunit;

namespace Vitrine.Tests.Transfer;

public sealed class RowDigestTests
{
    private static readonly TransferColumn[] s_columns = [TransferColumn.Text("a"), TransferColumn.Number("b"), TransferColumn.Real("c"), TransferColumn.Bytes("d")];

    [Fact]
    public void Hash_OtherOrder_IsTheSame() => Assert.Equal(Hash("('x', 1, 0.5, x'00'), ('y', 2, NULL, x'')"), Hash("('y', 2, NULL, x''), ('x', 1, 0.5, x'00')"));

    [Theory]
    [InlineData("('x', 1, 0.5, x'00')", "('x', 1, 0.5, x'00'), ('x', 1, 0.5, x'00')")] // twice
    [InlineData("('x', 1, 0.5, NULL)", "('x', 1, 0.5, x'')")] // nothing and empty
    [InlineData("('x', NULL, 0.5, x'00')", "('x', 0, 0.5, x'00')")]
    [InlineData("('x', 1, 0.5, x'00'), ('y', 2, 1.5, x'01')", "('y', 1, 0.5, x'00'), ('x', 2, 1.5, x'01')")] // values change rows
    [InlineData("('x', 1, 0.1, x'00')", "('x', 1, 0.10000000000000002, x'00')")]
    [InlineData("('\u00e9', 1, 0.5, x'00')", "('e\u0301', 1, 0.5, x'00')")] // composed and not
    [InlineData("('x', 1, 0.5, x'00')", "('x', 256, 0.5, x'00')")]
    public void Hash_OtherRows_IsAnother(string rows, string others) => Assert.NotEqual(Hash(rows), Hash(others));

    [Fact]
    public void Hash_LongText_IsTakenWhole() => Assert.NotEqual(Hash("(printf('%05000d', 1), 1, 1, x'')"), Hash("(printf('%05000d', 2), 1, 1, x'')"));

    private static string Hash(string rows)
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        var digest = new RowDigest(s_columns);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM (VALUES {rows})";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            digest.Add(reader);
        return $"{digest.Rows} {digest.Hash}";
    }
}
