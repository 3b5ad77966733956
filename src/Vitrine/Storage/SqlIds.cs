namespace Vitrine.Storage;

/// <summary>Ids as literals for <c>IN (…)</c>: whole numbers need no parameters, and it is the same text for every database.</summary>
public static class SqlIds
{
    /// <summary><c>(1,2,3)</c>; <c>(NULL)</c>, which matches nothing, for none.</summary>
    public static string In(IEnumerable<long> ids)
    {
        var list = string.Join(',', ids);
        return list.Length == 0 ? "(NULL)" : $"({list})";
    }
}
