using System.Diagnostics;
using Grpc.Core;
using Orlop.Cri.V1;

namespace Orlop.Bench.Nodes;

/// <summary>The daemon of a runtime, started and killed by us.</summary>
/// <param name="name">The runtime's name, for messages.</param>
/// <param name="program">Becomes the daemon by exec, in its namespaces and cgroup.</param>
/// <param name="socket">Where it will answer.</param>
internal sealed class Daemon(string name, string program, string socket) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Whoever asks takes processor time from the daemon that starts: a bare connect(2) is asked often, a call less often.
    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan CallPause = TimeSpan.FromMilliseconds(5);

    private Process? _process;

    /// <summary>Null while it does not run.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Starts it and asks until it answers.</summary>
    /// <returns>From the start to the first answer to Version, and to the first list of pods.</returns>
    public async Task<(TimeSpan Version, TimeSpan List)> StartAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        _process = Process.Start(new ProcessStartInfo(program) { UseShellExecute = false })
            ?? throw new InvalidOperationException($"{program} did not start");
        await ConnectableAsync(start, cancellationToken);
        using var channel = CriChannel.Open(socket);
        var client = new RuntimeService.RuntimeServiceClient(channel);
        var version = await AnsweredAsync(start, () => client.VersionAsync(new VersionRequest(), cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
        var list = await AnsweredAsync(start, () => client.ListPodSandboxAsync(new ListPodSandboxRequest(), cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
        return (version, list);
    }

    /// <summary>SIGKILL: what it holds in memory is lost, its pods run on.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_process is not { } running) return;
        running.Kill();
        await running.WaitForExitAsync(cancellationToken);
        running.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.Dispose();
    }

    private async Task ConnectableAsync(long start, CancellationToken cancellationToken)
    {
        while (!await CriChannel.IsServedAsync(socket, cancellationToken))
        {
            ThrowIfEnded();
            if (Stopwatch.GetElapsedTime(start) > Deadline) throw new TimeoutException($"the daemon of {name} does not listen on {socket}; see its log");
            await Task.Delay(ConnectPause, cancellationToken);
        }
    }

    private async Task<TimeSpan> AnsweredAsync<T>(long start, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            ThrowIfEnded();
            try
            {
                await ask();
                return Stopwatch.GetElapsedTime(start);
            }
            catch (RpcException) when (Stopwatch.GetElapsedTime(start) < Deadline)
            {
                await Task.Delay(CallPause, cancellationToken);
            }
        }
    }

    private void ThrowIfEnded()
    {
        if (_process!.HasExited) throw new InvalidOperationException($"the daemon of {name} ended by itself with {_process.ExitCode}; see its log");
    }
}
