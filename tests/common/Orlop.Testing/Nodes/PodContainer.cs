using Orlop.Cri.V1;
using Orlop.Testing.Cri;

namespace Orlop.Testing.Nodes;

/// <summary>A container of a test's pod.</summary>
public sealed class PodContainer(Node node, Pod pod, string id, ContainerConfig config)
{
    /// <summary>Its id.</summary>
    public string Id { get; } = id;

    /// <summary>What it was created with.</summary>
    public ContainerConfig Config { get; } = config;

    /// <summary>Its log file.</summary>
    public string LogPath => Path.Combine(pod.Config.LogDirectory, Config.LogPath);

    private RuntimeService.RuntimeServiceClient Runtime => node.Cri.Runtime;

    /// <summary>StartContainer.</summary>
    public async Task StartAsync() => await Runtime.StartContainerAsync(new() { ContainerId = Id });

    /// <summary>StopContainer; the time that the program gets to end by itself.</summary>
    public async Task StopAsync(TimeSpan timeout) => await Runtime.StopContainerAsync(new() { ContainerId = Id, Timeout = (long)timeout.TotalSeconds });

    /// <summary>RemoveContainer.</summary>
    public async Task RemoveAsync() => await Runtime.RemoveContainerAsync(new() { ContainerId = Id });

    /// <summary>ContainerStatus.</summary>
    public async Task<ContainerStatus> StatusAsync() => (await Runtime.ContainerStatusAsync(new() { ContainerId = Id })).Status;

    /// <summary>The verbose information of ContainerStatus.</summary>
    public async Task<IDictionary<string, string>> InfoAsync() => (await Runtime.ContainerStatusAsync(new() { ContainerId = Id, Verbose = true })).Info;

    /// <summary>ExecSync of a shell script.</summary>
    public async Task<ExecSyncResponse> ExecAsync(string script, long timeoutSeconds = 0) =>
        await Runtime.ExecSyncAsync(new() { ContainerId = Id, Cmd = { "/bin/sh", "-c", script }, Timeout = timeoutSeconds });

    /// <summary>The trimmed standard output of an <see cref="ExecAsync"/> that must succeed.</summary>
    public async Task<string> ReadAsync(string script)
    {
        var result = await ExecAsync(script);
        return result.ExitCode == 0
            ? result.Stdout.ToStringUtf8().Trim()
            : throw new InvalidOperationException($"{script} exited with {result.ExitCode}: {result.Stdout.ToStringUtf8()}{result.Stderr.ToStringUtf8()}");
    }

    /// <summary>Waits until the container has exited.</summary>
    public Task<ContainerStatus> WaitForExitAsync(TimeSpan? timeout = null) =>
        Eventually.GetsAsync(StatusAsync, status => status.State == ContainerState.ContainerExited, "the container's exit", timeout);

    /// <summary>Waits for the exit and reads the log.</summary>
    public async Task<Finished> FinishAsync(TimeSpan? timeout = null)
    {
        var status = await WaitForExitAsync(timeout);
        var log = Log();
        return new Finished(status, LogLine.Join(log, "stdout"), LogLine.Join(log, "stderr"));
    }

    /// <summary>The lines of the log file so far.</summary>
    public IReadOnlyList<LogLine> Log() => LogLine.ParseFile(LogPath);

    /// <summary>Waits until a line with this text is in the log.</summary>
    public Task WaitForLogAsync(string text) =>
        Eventually.GetsAsync(() => Task.FromResult(LogLine.Join(Log(), "stdout")), log => log.Contains(text, StringComparison.Ordinal), $"\"{text}\" in the log");
}
