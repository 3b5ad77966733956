namespace Vitrine.Libraries;

/// <summary>How a library learns of changes in its folder.</summary>
public enum FollowMode
{
    /// <summary>Not at all until somebody scans it: it is paused or offline, or watching is switched off.</summary>
    Off,

    /// <summary>Within seconds.</summary>
    Live,

    /// <summary>By scans from time to time, because not every folder can be watched.</summary>
    Timed,
}
