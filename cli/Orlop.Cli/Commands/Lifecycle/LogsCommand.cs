using System.CommandLine;
using System.Globalization;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Logs;

namespace Orlop.Cli.Commands.Lifecycle;

/// <summary><c>orlop logs</c>: a container's output, read from the log file that its status names.</summary>
internal sealed class LogsCommand : CriCommand
{
    private readonly Argument<string> _container = new("container") { Description = "A container, or a pod with only one" };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until the container ends" };
    private readonly Option<bool> _timestamps = new("--timestamps", "-t") { Description = "Begin each line with its time" };

    private readonly Option<int?> _tail = new("--tail", "-n")
    {
        Description = "Only the last lines",
        HelpName = "LINES",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int lines))
                return lines;

            result.AddError($"--tail {result.Tokens[0].Value}: not a number of lines");
            return null;
        },
    };

    private readonly Option<string?> _since = new("--since")
    {
        Description = "Only lines not older than a duration (5m) or a time (RFC 3339)",
        HelpName = "DURATION|TIME",
    };

    public LogsCommand(CliContext context, GlobalOptions options)
        : base("logs", "Print a container's logs", context, options)
    {
        _since.Validators.Add(result =>
        {
            if (SinceOf(result.Tokens[0].Value) is null)
                result.AddError($"--since {result.Tokens[0].Value}: neither a duration like 5m nor a time like 2026-01-31T08:00:00Z");
        });

        Add(_container);
        Add(_follow);
        Add(_tail);
        Add(_since);
        Add(_timestamps);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var container = await cri.FindContainerAsync(arguments.GetValue(_container)!, cancellationToken);
        var status = (await cri.ContainerStatusAsync(container.Id, verbose: false, cancellationToken)).Status;
        string what = $"read the logs of container {status.Metadata.Name}";
        if (status.LogPath.Length == 0)
            throw new CliException(what, "it writes none: its pod was made without a log folder");

        bool follow = arguments.GetValue(_follow);
        if (!follow && !File.Exists(status.LogPath))
            throw new CliException(what, $"{status.LogPath} is not there or not readable", "run this on the container's node, as root");

        var since = arguments.GetValue(_since) is { } text ? SinceOf(text) : null;
        var printer = new LogPrinter(Context.Output, Context.Error, prefix: default, arguments.GetValue(_timestamps), new Lock());
        var reader = new LogReader(status.LogPath, Context.Time);
        await foreach (var line in reader.ReadAsync(arguments.GetValue(_tail), token => follow ? cri.MayStillWriteAsync(container.Id, token) : NoMore, cancellationToken))
        {
            if (since is null || line.Time >= since)
                printer.Print(line);
        }

        printer.Finish();
        return ExitCodes.Success;
    }

    private static Task<bool> NoMore => Task.FromResult(false);

    private DateTimeOffset? SinceOf(string text)
    {
        if (Durations.TryParse(text, out var duration))
            return Context.Time.GetUtcNow() - duration;

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
