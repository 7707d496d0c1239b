using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;

namespace Orlop.Cli.Commands.Inspection;

/// <summary><c>orlop version</c>: of this program and of the runtime that answers.</summary>
internal sealed class VersionCommand : CriCommand
{
    private readonly Option<bool> _client = new("--client") { Description = "Only this program's version, without asking the runtime" };

    public VersionCommand(CliContext context, GlobalOptions options)
        : base("version", "Show the versions of this program and of the runtime", context, options) => Add(_client);

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var version = VersionView.Of(arguments.GetValue(_client) ? null : await cri.VersionAsync(cancellationToken));
        if (WantsJson(arguments))
        {
            Print.Json(version, CliJson.Readable.VersionView);
            return ExitCodes.Success;
        }

        Print.Line($"client   orlop {version.Client}");
        if (version.RuntimeName is not null)
            Print.Line($"runtime  {version.RuntimeName} {version.RuntimeVersion}, CRI {version.RuntimeApiVersion}");

        return ExitCodes.Success;
    }
}
