namespace Vitrine.Server.Api;

/// <summary>Where a feature stands.</summary>
public enum FeatureState
{
    /// <summary>It answers; what it needs and nobody needed yet is loaded at the first use.</summary>
    Ready,

    /// <summary>Something is being loaded: it answers from what is there and says so, or asks to come again.</summary>
    Loading,

    /// <summary>It cannot answer; the detail says why and what makes it try again.</summary>
    Failed,
}
