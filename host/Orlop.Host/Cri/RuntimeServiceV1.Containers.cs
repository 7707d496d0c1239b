using Google.Protobuf;
using Grpc.Core;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Cri.V1;
using Orlop.Host.Cri.Mapping;

namespace Orlop.Host.Cri;

internal sealed partial class RuntimeServiceV1
{
    public override async Task<CreateContainerResponse> CreateContainer(CreateContainerRequest request, ServerCallContext context) => new()
    {
        ContainerId = await Runtime.CreateContainerAsync(request.PodSandboxId, ContainerMapping.ToRequest(request.Config), context.CancellationToken),
    };

    public override async Task<StartContainerResponse> StartContainer(StartContainerRequest request, ServerCallContext context)
    {
        await Runtime.StartContainerAsync(request.ContainerId, context.CancellationToken);
        return new StartContainerResponse();
    }

    public override async Task<StopContainerResponse> StopContainer(StopContainerRequest request, ServerCallContext context)
    {
        await Runtime.StopContainerAsync(request.ContainerId, Times.Duration(request.Timeout), context.CancellationToken);
        return new StopContainerResponse();
    }

    public override async Task<RemoveContainerResponse> RemoveContainer(RemoveContainerRequest request, ServerCallContext context)
    {
        await Runtime.RemoveContainerAsync(request.ContainerId, context.CancellationToken);
        return new RemoveContainerResponse();
    }

    public override Task<ContainerStatusResponse> ContainerStatus(ContainerStatusRequest request, ServerCallContext context)
    {
        var container = Runtime.Snapshot.FindContainer(request.ContainerId) ?? throw NoContainer(request.ContainerId);
        var response = new ContainerStatusResponse { Status = ContainerMapping.ToStatus(container) };
        if (request.Verbose)
        {
            var pod = Runtime.Pods.FirstOrDefault(p => p.Id == container.SandboxId);
            int? processId = pod is not null && pod.TryGetContainer(container.Id, out var actor) ? actor.Handle?.ProcessId : null;
            response.Info.Add(VerboseInfo.OfContainer(container, processId));
        }

        return Task.FromResult(response);
    }

    public override Task<ListContainersResponse> ListContainers(ListContainersRequest request, ServerCallContext context)
    {
        var response = new ListContainersResponse();
        response.Containers.AddRange(Containers(request.Filter));
        return Task.FromResult(response);
    }

    public override Task StreamContainers(StreamContainersRequest request, IServerStreamWriter<StreamContainersResponse> responseStream, ServerCallContext context) =>
        Chunks.WriteAsync(Containers(request.Filter), responseStream, chunk => new StreamContainersResponse { Containers = { chunk } }, context.CancellationToken);

    public override async Task<ExecSyncResponse> ExecSync(ExecSyncRequest request, ServerCallContext context)
    {
        if (request.Cmd.Count == 0) throw RuntimeException.InvalidArgument($"container \"{request.ContainerId}\": cmd is empty; name a command to run");
        var result = await Runtime.ExecAsync(
            request.ContainerId,
            new ExecSpec { Command = request.Cmd, Timeout = request.Timeout > 0 ? Times.Duration(request.Timeout) : null },
            context.CancellationToken);
        return new ExecSyncResponse
        {
            ExitCode = result.ExitCode,
            Stdout = UnsafeByteOperations.UnsafeWrap(result.Stdout),
            Stderr = UnsafeByteOperations.UnsafeWrap(result.Stderr),
        };
    }

    public override async Task<ReopenContainerLogResponse> ReopenContainerLog(ReopenContainerLogRequest request, ServerCallContext context)
    {
        await Runtime.ReopenLogAsync(request.ContainerId, context.CancellationToken);
        return new ReopenContainerLogResponse();
    }

    public override async Task<UpdateContainerResourcesResponse> UpdateContainerResources(UpdateContainerResourcesRequest request, ServerCallContext context)
    {
        await Runtime.UpdateResourcesAsync(request.ContainerId, ResourceMapping.ToRequest(request.Linux), context.CancellationToken);
        return new UpdateContainerResourcesResponse();
    }

    private IEnumerable<Container> Containers(ContainerFilter? filter) => Runtime.Snapshot.VisibleContainers
        .Where(c => Filters.Matches(c, filter))
        .OrderByDescending(c => c.CreatedAt)
        .Select(ContainerMapping.ToListItem);

    private static RuntimeException NoContainer(string id) => RuntimeException.NotFound($"container \"{id}\" does not exist");
}
