namespace Vitrine.Libraries;

/// <summary>What a file is, by its name in phase 1.</summary>
public enum AssetKind
{
    Image = 0,
    Model = 1,
}
