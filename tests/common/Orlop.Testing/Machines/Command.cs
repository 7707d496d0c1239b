using System.Diagnostics;

namespace Orlop.Testing.Machines;

/// <summary>Runs a program to its end and gives its output.</summary>
public static class Command
{
    private static readonly TimeSpan Patience = Deadline.Seconds(60);

    /// <summary>Runs the program; throws with its output when it does not exit with 0.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await TryRunAsync(program, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {result.ExitCode}: {result.Output}{result.Error}");
    }

    /// <summary>Runs the program and gives its exit code and output, whatever they are.</summary>
    public static async Task<CommandResult> TryRunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds:F0} s", exception);
        }
    }
}
