using Microsoft.Extensions.Logging;

namespace Vitrine.Work;

/// <summary>A line that was logged while a job ran.</summary>
/// <param name="Text">On one line.</param>
public sealed record JobLine(DateTimeOffset At, LogLevel Level, string Text);
