using Grpc.Core;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Fakes;

/// <summary>The RuntimeService of a node that exists only in memory.</summary>
internal sealed class FakeRuntimeService(FakeNode node) : RuntimeService.RuntimeServiceBase
{
    private const string Stamp = "2026-03-01T11:59:59.123456789Z";

    public override Task<VersionResponse> Version(VersionRequest request, ServerCallContext context) =>
        Task.FromResult(new VersionResponse { Version = "0.1.0", RuntimeName = "orlop", RuntimeVersion = "1.2.3", RuntimeApiVersion = "v1" });

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) => Task.FromResult(node.Status);

    public override Task<ListPodSandboxResponse> ListPodSandbox(ListPodSandboxRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            var response = new ListPodSandboxResponse();
            response.Items.AddRange(node.Pods
                .Where(pod => request.Filter?.State is null || pod.State == request.Filter.State.State)
                .Where(pod => request.Filter is null || request.Filter.LabelSelector.All(label => pod.Labels.TryGetValue(label.Key, out string? value) && value == label.Value))
                .Select(pod => new PodSandbox
                {
                    Id = pod.Id, Metadata = pod.Metadata, State = pod.State, CreatedAt = pod.CreatedAt, RuntimeHandler = pod.RuntimeHandler,
                    Labels = { pod.Labels }, Annotations = { pod.Annotations },
                }));
            return Task.FromResult(response);
        }
    }

    public override Task<PodSandboxStatusResponse> PodSandboxStatus(PodSandboxStatusRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            var response = new PodSandboxStatusResponse { Status = PodOf(request.PodSandboxId) };
            if (request.Verbose)
                response.Info.Add(node.PodInfo);

            return Task.FromResult(response);
        }
    }

    public override Task<RunPodSandboxResponse> RunPodSandbox(RunPodSandboxRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            node.Requests.Add(request);
            var config = request.Config;
            var pod = new PodSandboxStatus
            {
                Id = FakeNode.IdOf("pod " + config.Metadata.Name), Metadata = config.Metadata, State = PodSandboxState.SandboxReady, CreatedAt = FrozenClock.Ago(default),
                RuntimeHandler = request.RuntimeHandler, Labels = { config.Labels }, Annotations = { config.Annotations },
                Network = new PodSandboxNetworkStatus { Ip = "10.88.0.7" },
            };
            node.Pods.Add(pod);
            return Task.FromResult(new RunPodSandboxResponse { PodSandboxId = pod.Id });
        }
    }

    public override Task<StopPodSandboxResponse> StopPodSandbox(StopPodSandboxRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            node.Requests.Add(request);
            PodOf(request.PodSandboxId).State = PodSandboxState.SandboxNotready;
            return Task.FromResult(new StopPodSandboxResponse());
        }
    }

    public override Task<RemovePodSandboxResponse> RemovePodSandbox(RemovePodSandboxRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            node.Requests.Add(request);
            node.Pods.RemoveAll(pod => pod.Id == request.PodSandboxId);
            node.Containers.RemoveAll(container => container.PodId == request.PodSandboxId);
            return Task.FromResult(new RemovePodSandboxResponse());
        }
    }

    public override Task<ListContainersResponse> ListContainers(ListContainersRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            var filter = request.Filter;
            var response = new ListContainersResponse();
            response.Containers.AddRange(node.Containers
                .Where(container => filter?.State is null || container.Status.State == filter.State.State)
                .Where(container => filter is null || filter.PodSandboxId.Length == 0 || container.PodId == filter.PodSandboxId)
                .Select(container => new Container
                {
                    Id = container.Status.Id, PodSandboxId = container.PodId, Metadata = container.Status.Metadata, Image = container.Status.Image,
                    ImageRef = container.Status.ImageRef, ImageId = container.Status.ImageId, State = container.Status.State,
                    CreatedAt = container.Status.CreatedAt, Labels = { container.Status.Labels }, Annotations = { container.Status.Annotations },
                }));
            return Task.FromResult(response);
        }
    }

    public override Task<ContainerStatusResponse> ContainerStatus(ContainerStatusRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            var response = new ContainerStatusResponse { Status = ContainerOf(request.ContainerId) };
            node.Watched.Add(request.ContainerId);
            if (request.Verbose)
                response.Info.Add(node.ContainerInfo);

            return Task.FromResult(response);
        }
    }

    public override Task<CreateContainerResponse> CreateContainer(CreateContainerRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            node.Requests.Add(request);
            var config = request.Config;
            var status = new ContainerStatus
            {
                Id = FakeNode.IdOf($"container {config.Metadata.Name} {config.Metadata.Attempt}"), Metadata = config.Metadata,
                State = ContainerState.ContainerCreated, CreatedAt = FrozenClock.Ago(default), Image = config.Image, ImageId = config.Image.Image,
                ImageRef = config.Image.Image, LogPath = Path.Combine(request.SandboxConfig.LogDirectory, config.LogPath),
                Labels = { config.Labels }, Annotations = { config.Annotations }, Mounts = { config.Mounts },
            };
            node.Containers.Add((request.PodSandboxId, status));
            return Task.FromResult(new CreateContainerResponse { ContainerId = status.Id });
        }
    }

    public override Task<StartContainerResponse> StartContainer(StartContainerRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            node.Requests.Add(request);
            var status = ContainerOf(request.ContainerId);
            status.State = ContainerState.ContainerRunning;
            status.StartedAt = FrozenClock.Ago(default);

            var script = ScriptOf(status);
            File.WriteAllLines(status.LogPath, script.Output.Select(record => $"{Stamp} {record}"));
            if (script.TerminationMessage.Length > 0)
                File.WriteAllText(status.Mounts.Single(mount => mount.ContainerPath == "/dev/termination-log").HostPath, script.TerminationMessage);

            if (script.ExitCode is { } code)
                Exit(status, code, script.Reason);

            return Task.FromResult(new StartContainerResponse());
        }
    }

    public override async Task<StopContainerResponse> StopContainer(StopContainerRequest request, ServerCallContext context)
    {
        bool waits;
        lock (node.Gate)
        {
            node.Requests.Add(request);
            waits = ScriptOf(ContainerOf(request.ContainerId)).IgnoresTerm && request.Timeout > 0;
        }

        if (waits)
            await Task.Delay(TimeSpan.FromSeconds(request.Timeout), context.CancellationToken);

        lock (node.Gate)
        {
            var status = ContainerOf(request.ContainerId);
            if (status.State == ContainerState.ContainerRunning)
                Exit(status, request.Timeout == 0 ? 137 : 143, "Error");
        }

        return new StopContainerResponse();
    }

    public override Task<RemoveContainerResponse> RemoveContainer(RemoveContainerRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            node.Requests.Add(request);
            node.Containers.RemoveAll(container => container.Status.Id == request.ContainerId);
            return Task.FromResult(new RemoveContainerResponse());
        }
    }

    public override Task<ExecSyncResponse> ExecSync(ExecSyncRequest request, ServerCallContext context)
    {
        lock (node.Gate)
            node.Requests.Add(request);

        return Task.FromResult(node.Exec(request));
    }

    public override Task<ListContainerStatsResponse> ListContainerStats(ListContainerStatsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListContainerStatsResponse { Stats = { node.Stats.Dequeue() } });

    private FakeScript ScriptOf(ContainerStatus status) => node.Scripts.GetValueOrDefault(status.Metadata.Name) ?? new FakeScript([], ExitCode: null);

    private static void Exit(ContainerStatus status, int code, string reason)
    {
        status.State = ContainerState.ContainerExited;
        status.ExitCode = code;
        status.Reason = reason;
        status.FinishedAt = FrozenClock.Ago(default);
    }

    private PodSandboxStatus PodOf(string id) => node.Pods.Find(pod => pod.Id == id)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"no pod sandbox {id}"));

    private ContainerStatus ContainerOf(string id) => node.Containers.Find(container => container.Status.Id == id).Status
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"no container {id}"));
}
