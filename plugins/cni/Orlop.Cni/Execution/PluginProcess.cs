using System.ComponentModel;
using System.Diagnostics;

namespace Orlop.Cni.Execution;

/// <summary>Runs a plugin's program: its input, output and errors are pumped at once, and nothing of it outlives its deadline.</summary>
internal sealed class PluginProcess(TimeProvider time)
{
    // A result is a few kilobytes; the specification sets no limit.
    private const int LargestOutput = 1024 * 1024;
    private const int KeptErrors = 4 * 1024;

    // execve(2): ETXTBSY while an add-on is writing the program.
    private const int TextFileBusy = 26;
    private const int BusyRetries = 25;
    private static readonly TimeSpan s_busyPause = TimeSpan.FromMilliseconds(200);

    // How long the output may stay open after the plugin has ended (R7).
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(2);

    /// <summary>Runs the program to its end, or kills it with all its children at the deadline or when cancelled.</summary>
    /// <param name="path">The program.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="timeout">Its deadline.</param>
    /// <param name="started">Gets its pid.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="Win32Exception">The kernel refuses to start it.</exception>
    public async Task<PluginOutput> RunAsync(
        string path, IReadOnlyDictionary<string, string> environment, byte[] input, TimeSpan timeout, Action<int> started, CancellationToken cancellationToken)
    {
        string mark = Guid.NewGuid().ToString("N");
        using var process = new Process { StartInfo = Describe(path, environment, mark) };
        await StartAsync(process, cancellationToken);
        started(process.Id);

        var output = new BoundedCapture(LargestOutput, keepsTail: false);
        var errors = new BoundedCapture(KeptErrors, keepsTail: true);
        using var drained = new CancellationTokenSource();
        var pumps = Task.WhenAll(
            WriteAsync(process.StandardInput.BaseStream, input, drained.Token),
            output.ReadAsync(process.StandardOutput.BaseStream, drained.Token),
            errors.ReadAsync(process.StandardError.BaseStream, drained.Token));

        using var deadline = new CancellationTokenSource(timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        bool ended = false;
        try
        {
            await process.WaitForExitAsync(stop.Token);
            ended = true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The deadline; the caller learns it from the missing exit code.
        }
        finally
        {
            if (!ended)
            {
                await KillAsync(process, mark);
            }

            drained.CancelAfter(s_drain);
            await pumps;
        }

        return new PluginOutput(ended ? process.ExitCode : null, output, errors);
    }

    private static ProcessStartInfo Describe(string path, IReadOnlyDictionary<string, string> environment, string mark)
    {
        var info = new ProcessStartInfo(path)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetPathRoot(path),
        };
        info.Environment.Clear();
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        info.Environment[ProcessFamily.Mark] = mark;
        return info;
    }

    private async Task StartAsync(Process process, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                process.Start();
                return;
            }
            catch (Win32Exception e) when (e.NativeErrorCode == TextFileBusy && attempt < BusyRetries)
            {
                await Task.Delay(s_busyPause, time, cancellationToken);
            }
        }
    }

    private static async Task WriteAsync(Stream stream, byte[] input, CancellationToken cancellationToken)
    {
        try
        {
            await using (stream)
            {
                await stream.WriteAsync(input, cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A plugin may end without reading its input; how it ended is what counts.
        }
    }

    private async Task KillAsync(Process process, string mark)
    {
        process.Kill(entireProcessTree: true);
        await ProcessFamily.KillAsync([$"{ProcessFamily.Mark}={mark}"], time);
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
