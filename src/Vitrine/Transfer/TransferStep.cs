namespace Vitrine.Transfer;

/// <summary>The steps of a move, in their order.</summary>
public enum TransferStep
{
    /// <summary>Thumbnails and previews go to their shared place.</summary>
    Thumbnails,

    /// <summary>What an unfinished move brought is taken back, because the source has changed since.</summary>
    StartingOver,

    /// <summary>Assets go over, batch by batch.</summary>
    Copying,

    /// <summary>Both sides are read and compared.</summary>
    Checking,
}
