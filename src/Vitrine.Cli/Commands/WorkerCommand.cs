using System.CommandLine;
using Microsoft.Extensions.Logging;
using Vitrine.Cli.Settings;
using Vitrine.Server.Logging;
using Vitrine.Work;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine worker</c>: works on what servers on the same PostgreSQL take in, until it is told to stop.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var data = SharedOptions.Data();
        var command = new Command("worker", "Work on what servers take in, on this or another machine, over one PostgreSQL.") { data };
        var engine = SharedOptions.AddEngine(command, stages: true);
        command.SetAction((parsed, cancellationToken) => RunAsync(ProgramSettings.Read(parsed.GetValue(data), choice: engine(parsed)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProgramSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Engine.Database is null)
            throw CommandException.Usage("A worker needs the database that the servers use: --database, or $VITRINE_DATABASE.");
        if (settings.Engine.Work.Stages == WorkedStages.None)
            throw CommandException.Usage("A worker without a stage has nothing to do: give --stages metadata, embedding or both.");
        await using var worker = await VitrineWorker.StartAsync(settings.Engine, logging => Log(logging, settings.Server.LogLevel), cancellationToken);
        await Console.Out.WriteLineAsync($"Vitrine works as worker {worker.Id} on {Environment.MachineName}");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(stopped.SetResult))
            await stopped.Task;
        return ExitCode.Done;
    }

    /// <summary>As the server logs: standard output is for answers.</summary>
    private static void Log(ILoggingBuilder logging, LogLevel least) => logging
        .SetMinimumLevel(least)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddLines();
}
