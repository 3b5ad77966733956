using System.CommandLine;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine completion bash|zsh|fish</c>: prints what makes a shell complete commands, options and libraries.</summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        # Completion of vitrine for bash. In ~/.bashrc: source <(vitrine completion bash)
        _vitrine() {
            local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" reply quoted
            COMPREPLY=()
            # Names are quoted: they may hold blanks, and what the shell would run.
            while IFS=$'\t' read -r reply _; do
                printf -v quoted %q "$reply"
                if [[ "$reply" == "$word"* || "$quoted" == "$word"* ]]; then COMPREPLY+=("$quoted"); fi
            done < <("${COMP_WORDS[0]}" complete "${line#*"${COMP_WORDS[0]}"}" 2>/dev/null)
        }
        complete -o default -F _vitrine vitrine
        """;

    private const string Zsh =
        """
        #compdef vitrine
        # Completion of vitrine for zsh. In ~/.zshrc, after compinit: source <(vitrine completion zsh)
        _vitrine() {
            local -a found
            found=("${(@f)$(${words[1]} complete " ${(j: :)words[2,CURRENT]}" 2>/dev/null)}")
            found=("${(@)found//:/\\:}")
            found=("${(@)found/$'\t'/:}")
            if [[ -n "$found[1]" ]]; then _describe vitrine found; else _files; fi
        }
        compdef _vitrine vitrine
        """;

    private const string Fish =
        """
        # Completion of vitrine for fish. vitrine completion fish > ~/.config/fish/completions/vitrine.fish
        complete -c vitrine -a '(vitrine complete (commandline -cp | string replace -r "^\s*\S+" "") 2>/dev/null)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.CompletionSources.Add("bash", "zsh", "fish");
        var command = new Command("completion", "Print the script that makes a shell complete commands, options and libraries.") { shell };
        command.SetAction(parsed =>
        {
            Console.WriteLine(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                var other => throw CommandException.Usage($"'{other}' is no shell that is known here. Give bash, zsh or fish."),
            });
            return ExitCode.Done;
        });
        return command;
    }
}
