using System.CommandLine;
using Orlop.Cli.Client;

namespace Orlop.Cli.Hosting;

/// <summary>A command that talks to the daemon.</summary>
internal abstract class CriCommand(string name, string description, CliContext context, GlobalOptions options)
    : OrlopCommand(name, description, context, options)
{
    protected sealed override async Task<int> ExecuteAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var cri = new CriClient(Global.AddressOf(arguments));
        return await ExecuteAsync(arguments, cri, cancellationToken);
    }

    protected abstract Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken);

    /// <summary>Does the same for each reference; a failure is shown and does not keep the others from their turn.</summary>
    protected async Task<int> ForEachAsync(IEnumerable<string> references, Func<string, Task> action)
    {
        int code = ExitCodes.Success;
        foreach (string reference in references)
        {
            try
            {
                await action(reference);
            }
            catch (CliException failure)
            {
                Print.Error(failure);
                code = failure.ExitCode;
            }
        }

        return code;
    }
}
