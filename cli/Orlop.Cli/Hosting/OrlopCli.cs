using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Orlop.Cli.Commands.Configuration;
using Orlop.Cli.Commands.Images;
using Orlop.Cli.Commands.Inspection;
using Orlop.Cli.Commands.Lifecycle;
using Orlop.Cli.Commands.Listing;
using Orlop.Cli.Commands.Running;
using Orlop.Cli.Output;

namespace Orlop.Cli.Hosting;

/// <summary>The whole program, with its surroundings given: what Main runs, and what tests run.</summary>
internal static class OrlopCli
{
    private const int BrokenPipe = 32;

    /// <summary>Runs one command line; all failures are shown on standard error and become an exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliContext context)
    {
        var print = new Printer(context);
        try
        {
            var parsed = CreateRoot(context).Parse(arguments);
            if (parsed.Errors.Count > 0)
                return ShowUsageErrors(parsed, print);

            var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            await using var output = new StreamWriter(context.Output, utf8, leaveOpen: true);
            await using var error = new StreamWriter(context.Error, utf8, leaveOpen: true);
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // StopSignals handles signals
            };
            return await parsed.InvokeAsync(configuration, context.Signals.Stop);
        }
        catch (CliException failure)
        {
            print.Error(failure);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (context.Signals.ExitCode != 0)
        {
            return context.Signals.ExitCode;
        }
        catch (IOException failure) when ((failure.HResult & 0xffff) == BrokenPipe)
        {
            return ExitCodes.Failure; // the reader of our output has left, as head does
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            print.Error(failure);
            return ExitCodes.Failure;
        }
    }

    private static RootCommand CreateRoot(CliContext context)
    {
        var options = new GlobalOptions(context);
        var root = new RootCommand("Runs and looks at pods, containers and images of the Orlop container runtime.")
        {
            options.Address,
            options.Output,
            new RunCommand(context, options),
            new PsCommand(context, options),
            new PodsCommand(context, options),
            new ImagesCommand(context, options),
            new PullCommand(context, options),
            new RemoveImageCommand(context, options),
            new LogsCommand(context, options),
            new ExecCommand(context, options),
            new StopCommand(context, options),
            new RemoveCommand(context, options),
            new InspectCommand(context, options),
            new StatsCommand(context, options),
            new StatusCommand(context, options),
            new PluginsCommand(context, options),
            new TraceCommand(context, options),
            new ConfigCommand(context, options),
            new VersionCommand(context, options),
            new CompletionCommand(context, options),
        };
        return root;
    }

    private static int ShowUsageErrors(ParseResult parsed, Printer print)
    {
        string command = CommandPath(parsed.CommandResult);
        var messages = parsed.Errors.Select(error => error.Message.TrimEnd('.')).Distinct(StringComparer.Ordinal).ToList();

        // A mistyped command is missing and unrecognized at once: the latter says more, and comes last.
        foreach (string message in parsed.UnmatchedTokens.Count > 0 ? messages.TakeLast(1) : messages)
            print.Note($"{message}; see: {command} --help");

        return ExitCodes.Usage;
    }

    private static string CommandPath(CommandResult? result)
    {
        var names = new Stack<string>();
        for (var current = result; current is not null; current = current.Parent as CommandResult)
            names.Push(current.Parent is null ? "orlop" : current.Command.Name);

        return string.Join(' ', names);
    }
}
