using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Commands.Configuration;

/// <summary><c>orlop config check</c>: asks the daemon's program, which alone knows its settings and its plugins'.</summary>
internal sealed class ConfigCheckCommand : OrlopCommand
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "The file to check [default: the daemon's]",
        HelpName = "FILE",
    };

    public ConfigCheckCommand(CliContext context, GlobalOptions options)
        : base("check", "Check a configuration file with orlopd", context, options) => Add(_config);

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(FindDaemon()) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("config");
        start.ArgumentList.Add("check");
        if (arguments.GetValue(_config) is { } file)
        {
            start.ArgumentList.Add("--config");
            start.ArgumentList.Add(file);
        }

        using var daemon = Start(start);
        try
        {
            await Task.WhenAll(
                daemon.StandardOutput.BaseStream.CopyToAsync(Context.Output, cancellationToken),
                daemon.StandardError.BaseStream.CopyToAsync(Context.Error, cancellationToken));
            await daemon.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            daemon.Kill();
            throw;
        }

        return daemon.ExitCode;
    }

    private string FindDaemon()
    {
        string beside = Path.GetFullPath(Path.Combine(Context.ProgramFolder, "..", "orlopd", "orlopd"));
        var onPath = (Context.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "orlopd"));

        return onPath.Prepend(beside).FirstOrDefault(File.Exists)
            ?? throw new CliException("check the configuration", $"orlopd is neither at {beside} nor on the PATH", "install orlopd, or add its folder to the PATH");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new CliException($"run {start.FileName}", failure.Message, "make it executable, or put another orlopd on the PATH", inner: failure);
        }
    }
}
