using Vitrine.Cli.Progress;
using Vitrine.Server.Api;
using Vitrine.Work;

namespace Vitrine.Cli.Output;

/// <summary>Jobs for a person.</summary>
internal static class JobText
{
    public static void Print(IReadOnlyList<JobItem> jobs)
    {
        foreach (var job in jobs)
            Console.WriteLine($"{job.Name}  {Describe(job)}");
    }

    /// <summary>One job: its last run in full, its log lines, and the runs before it.</summary>
    public static void Print(JobFacts facts)
    {
        Print([facts.Job]);
        if (facts.Job.Stack is { } stack)
            Console.WriteLine(stack);
        foreach (var line in facts.Lines)
            Console.WriteLine($"  {line.At:HH:mm:ss} {line.Level.ToString().ToLowerInvariant(),-11} {line.Text}");
        var earlier = facts.Runs.Where(run => run.RunId != facts.Job.RunId).ToList();
        if (earlier.Count > 0)
            Console.WriteLine("Before:");
        foreach (var run in earlier)
            Console.WriteLine($"  {Describe(run)}");
    }

    private static string Describe(JobItem job)
    {
        var state = job.Status == JobStatus.Running && job.Paused ? "paused" : job.Status.ToString().ToLowerInvariant();
        var done = job is { Status: JobStatus.Running, Fraction: { } fraction } ? $" {fraction:P0}" : "";
        var took = job.FinishedAt is { } finished ? $", took {ProgressText.Duration((finished - job.StartedAt).TotalSeconds)}" : "";
        string?[] said = [job.Note, job.Error ?? job.Result ?? job.Message];
        return $"{state}{done}, began {job.StartedAt:yyyy-MM-dd HH:mm:ss}Z{took}{string.Concat(said.OfType<string>().Select(text => $": {text}"))}";
    }
}
