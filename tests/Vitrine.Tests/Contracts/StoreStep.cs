namespace Vitrine.Tests.Contracts;

/// <summary>What can happen to the stores, in any order.</summary>
public enum StoreStep
{
    AddFile,
    ChangeFile,
    RemoveFile,
    MoveFile,
    BeginScan,
    ContinueScan,
    ClaimMetadata,
    ClaimEmbedding,
    Finish,
    FinishOldest,
    Fail,
    HandBack,
    RetryLater,
    Crash,
    Retry,
    RetryLibrary,
    Pause,
    Resume,
    Cancel,
    Wait,
    Restart,
}
