using Orlop.Cri.V1;

namespace Orlop.Cli.Client;

internal sealed partial class CriClient
{
    public Task<VersionResponse> VersionAsync(CancellationToken cancellationToken) =>
        CallAsync("ask for the runtime's version", options => _runtime.VersionAsync(new VersionRequest { Version = "v1" }, options), Patience, cancellationToken);

    public Task<StatusResponse> StatusAsync(bool verbose, CancellationToken cancellationToken) =>
        CallAsync("ask for the runtime's status", options => _runtime.StatusAsync(new StatusRequest { Verbose = verbose }, options), Patience, cancellationToken);

    public async Task<IReadOnlyList<PodSandbox>> PodsAsync(PodSandboxFilter? filter, CancellationToken cancellationToken)
    {
        var request = new ListPodSandboxRequest { Filter = filter };
        return (await CallAsync("list the pods", options => _runtime.ListPodSandboxAsync(request, options), Patience, cancellationToken)).Items;
    }

    public Task<PodSandboxStatusResponse> PodStatusAsync(string id, bool verbose, CancellationToken cancellationToken)
    {
        var request = new PodSandboxStatusRequest { PodSandboxId = id, Verbose = verbose };
        return CallAsync($"ask for the status of pod {ShortId.Of(id)}", options => _runtime.PodSandboxStatusAsync(request, options), Patience, cancellationToken);
    }

    public async Task<string> RunPodAsync(PodSandboxConfig config, string handler, CancellationToken cancellationToken)
    {
        var request = new RunPodSandboxRequest { Config = config, RuntimeHandler = handler };
        string what = $"start pod {config.Metadata.Namespace}/{config.Metadata.Name}";
        return (await CallAsync(what, options => _runtime.RunPodSandboxAsync(request, options), 2 * Patience, cancellationToken)).PodSandboxId;
    }

    public Task StopPodAsync(string id, CancellationToken cancellationToken)
    {
        var request = new StopPodSandboxRequest { PodSandboxId = id };
        return CallAsync($"stop pod {ShortId.Of(id)}", options => _runtime.StopPodSandboxAsync(request, options), Patience, cancellationToken);
    }

    public Task RemovePodAsync(string id, CancellationToken cancellationToken)
    {
        var request = new RemovePodSandboxRequest { PodSandboxId = id };
        return CallAsync($"remove pod {ShortId.Of(id)}", options => _runtime.RemovePodSandboxAsync(request, options), Patience, cancellationToken);
    }

    public async Task<IReadOnlyList<Container>> ContainersAsync(ContainerFilter? filter, CancellationToken cancellationToken)
    {
        var request = new ListContainersRequest { Filter = filter };
        return (await CallAsync("list the containers", options => _runtime.ListContainersAsync(request, options), Patience, cancellationToken)).Containers;
    }

    public Task<ContainerStatusResponse> ContainerStatusAsync(string id, bool verbose, CancellationToken cancellationToken)
    {
        var request = new ContainerStatusRequest { ContainerId = id, Verbose = verbose };
        return CallAsync($"ask for the status of container {ShortId.Of(id)}", options => _runtime.ContainerStatusAsync(request, options), Patience, cancellationToken);
    }

    public async Task<string> CreateContainerAsync(CreateContainerRequest request, CancellationToken cancellationToken) =>
        (await CallAsync($"create container {request.Config.Metadata.Name}", options => _runtime.CreateContainerAsync(request, options),
            Patience, cancellationToken)).ContainerId;

    public Task StartContainerAsync(string id, string name, CancellationToken cancellationToken)
    {
        var request = new StartContainerRequest { ContainerId = id };
        return CallAsync($"start container {name}", options => _runtime.StartContainerAsync(request, options), Patience, cancellationToken);
    }

    /// <summary>Stops with TERM (or the image's stop signal), and with KILL after the grace period; returns when the container has exited.</summary>
    public Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var request = new StopContainerRequest { ContainerId = id, Timeout = (long)Math.Ceiling(grace.TotalSeconds) };
        return CallAsync($"stop container {ShortId.Of(id)}", options => _runtime.StopContainerAsync(request, options), Patience + grace, cancellationToken);
    }

    public Task RemoveContainerAsync(string id, CancellationToken cancellationToken)
    {
        var request = new RemoveContainerRequest { ContainerId = id };
        return CallAsync($"remove container {ShortId.Of(id)}", options => _runtime.RemoveContainerAsync(request, options), Patience, cancellationToken);
    }

    /// <summary>Runs a command to its end; a timeout of zero means none.</summary>
    public Task<ExecSyncResponse> ExecAsync(string id, IEnumerable<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var request = new ExecSyncRequest { ContainerId = id, Timeout = (long)Math.Ceiling(timeout.TotalSeconds) };
        request.Cmd.AddRange(command);
        return CallAsync($"run a command in container {ShortId.Of(id)}", options => _runtime.ExecSyncAsync(request, options),
            timeout > TimeSpan.Zero ? Patience + timeout : null, cancellationToken);
    }

    public async Task<IReadOnlyList<ContainerStats>> StatsAsync(ContainerStatsFilter? filter, CancellationToken cancellationToken)
    {
        var request = new ListContainerStatsRequest { Filter = filter };
        return (await CallAsync("read the containers' usage", options => _runtime.ListContainerStatsAsync(request, options), Patience, cancellationToken)).Stats;
    }
}
