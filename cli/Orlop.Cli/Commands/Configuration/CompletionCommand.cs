using System.CommandLine;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Commands.Configuration;

/// <summary><c>orlop completion</c>: a script that lets a shell ask this program, by its <c>[suggest]</c> directive.</summary>
internal sealed class CompletionCommand : OrlopCommand
{
    private const string Bash = """
        # Load it with: source <(orlop completion bash)
        _orlop() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(orlop "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _orlop orlop
        """;

    private const string Zsh = """
        #compdef orlop
        # Load it with: source <(orlop completion zsh)
        _orlop() {
            local candidates=("${(@f)$(orlop "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a candidates || _files
        }
        compdef _orlop orlop
        """;

    private const string Fish = """
        # Load it with: orlop completion fish | source
        complete -c orlop -a '(orlop "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
        """;

    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh or fish" };

    public CompletionCommand(CliContext context, GlobalOptions options)
        : base("completion", "Print a completion script for a shell", context, options)
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Add(_shell);
    }

    protected override Task<int> ExecuteAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        Print.Line(arguments.GetValue(_shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
        return Task.FromResult(ExitCodes.Success);
    }
}
