using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Server.Requests;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine jobs [NAME]</c> and <c>vitrine jobs cancel|pause|resume NAME</c>: background work by name.</summary>
internal static class JobsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "One job, with its last runs and log lines.", Arity = ArgumentArity.ZeroOrOne };
        var json = SharedOptions.Json();
        var command = new Command("jobs", "List background jobs, running and ended ones.")
        {
            name, json, Change("cancel", "Ask a running job to end."), Change("pause", "Hold a running job."), Change("resume", "Let a held job go on."),
        };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(name) is { } one
            ? ShowAsync(connection(parsed), one, parsed.GetValue(json), cancellationToken)
            : ListAsync(connection(parsed), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Change(string verb, string description)
    {
        var name = new Argument<string>("NAME") { Description = "The job, as 'vitrine jobs' lists it." };
        var json = SharedOptions.Json();
        var command = new Command(verb, description) { name, json };
        var connection = SharedOptions.AddConnection(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = await ServerConnection.OpenAsync(connection(parsed), cancellationToken, atRest: true);
            var job = await server.Client.ChangeJobAsync(parsed.GetRequiredValue(name), verb, cancellationToken);
            if (parsed.GetValue(json))
                CliJson.Print(job, CliJson.Writable.JobItem);
            else
                JobText.Print([job]);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> ListAsync(ConnectionChoice choice, bool json, CancellationToken cancellationToken)
    {
        await using var connection = await ReadingConnection.OpenAsync(choice, cancellationToken);
        var jobs = await connection.Libraries.JobsAsync(cancellationToken);
        if (json)
            CliJson.Print(jobs, CliJson.Writable.JobList);
        else if (jobs.Items.Count == 0)
            Console.WriteLine(connection.IsNothingThere ? connection.NothingThere : "No job has run yet.");
        else
            JobText.Print(jobs.Items);
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(ConnectionChoice choice, string name, bool json, CancellationToken cancellationToken)
    {
        await using var connection = await ReadingConnection.OpenAsync(choice, cancellationToken);
        if (await connection.Libraries.JobFactsOrNullAsync(name, cancellationToken) is not { } facts)
            throw CommandException.Usage($"There is no job '{name}'.{await NearestAsync(connection.Libraries, name, cancellationToken)} 'vitrine jobs' lists them.");
        if (json)
            CliJson.Print(facts, CliJson.Writable.JobFacts);
        else
            JobText.Print(facts);
        return ExitCode.Done;
    }

    private static async Task<string> NearestAsync(ILibraryReader libraries, string name, CancellationToken cancellationToken) =>
        NearestWord.Question(name, (await libraries.JobsAsync(cancellationToken)).Items.Select(job => job.Name));
}
