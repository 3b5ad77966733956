namespace Vitrine.Tests.Contracts;

/// <summary>A database of one test.</summary>
internal interface IStoreSource : IAsyncDisposable
{
    /// <summary>Makes it, empty.</summary>
    ValueTask PrepareAsync();

    /// <summary>Opens the stores, with whatever an earlier opening left in the database.</summary>
    /// <param name="folder">Of the test; a database in files is there.</param>
    Stores Open(string folder, ManualTime time);
}
