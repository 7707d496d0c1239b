using System.ComponentModel;
using System.Diagnostics;

namespace Orlop.Cli.Hosting;

/// <summary>Runs orlopd for what it alone can do without a running daemon, and passes its output on.</summary>
internal static class DaemonProgram
{
    /// <summary>Answers the exit code of the program.</summary>
    /// <exception cref="CliException">It is not installed, or cannot be run.</exception>
    public static async Task<int> RunAsync(CliContext context, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Find(context), arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var daemon = Start(start);
        try
        {
            await Task.WhenAll(
                daemon.StandardOutput.BaseStream.CopyToAsync(context.Output, cancellationToken),
                daemon.StandardError.BaseStream.CopyToAsync(context.Error, cancellationToken));
            await daemon.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            daemon.Kill();
            throw;
        }

        return daemon.ExitCode;
    }

    private static string Find(CliContext context)
    {
        string beside = Path.GetFullPath(Path.Combine(context.ProgramFolder, "..", "orlopd", "orlopd"));
        var onPath = (context.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "orlopd"));

        return onPath.Prepend(beside).FirstOrDefault(File.Exists)
            ?? throw new CliException("run orlopd", $"it is neither at {beside} nor on the PATH", "install orlopd, or add its folder to the PATH");
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
