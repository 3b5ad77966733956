namespace Vitrine.Tests.Contracts;

/// <summary>What can happen to the stores, in any order. Names that begin alike share what follows.</summary>
public enum StoreStep
{
    AddFile,
    AddFileToo,
    ChangeFile,
    RemoveFile,
    BeginScan,
    ContinueScan,
    ContinueScanToo,
    ClaimMetadata,
    ClaimMetadataToo,
    ClaimEmbedding,
    Finish,
    FinishToo,
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
