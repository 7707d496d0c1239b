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
    public static Task<CommandResult> TryRunAsync(string program, params string[] arguments) => TryRunAsync(new ProcessStartInfo(program, arguments), Patience);

    /// <summary>Runs a program in surroundings of its own and gives its exit code and output, whatever they are.</summary>
    public static async Task<CommandResult> TryRunAsync(ProcessStartInfo start, TimeSpan patience)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {patience.TotalSeconds:F0} s", exception);
        }
    }
}
