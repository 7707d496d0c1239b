using Grpc.Core;
using Orlop.Abstractions.Errors;
using Orlop.Cri.V1;
using Orlop.Host.Cri.Mapping;

namespace Orlop.Host.Cri;

internal sealed partial class RuntimeServiceV1
{
    public override async Task<RunPodSandboxResponse> RunPodSandbox(RunPodSandboxRequest request, ServerCallContext context) => new()
    {
        PodSandboxId = await Runtime.RunSandboxAsync(SandboxMapping.ToRequest(request), context.CancellationToken),
    };

    public override async Task<StopPodSandboxResponse> StopPodSandbox(StopPodSandboxRequest request, ServerCallContext context)
    {
        await Runtime.StopSandboxAsync(request.PodSandboxId, context.CancellationToken);
        return new StopPodSandboxResponse();
    }

    public override async Task<RemovePodSandboxResponse> RemovePodSandbox(RemovePodSandboxRequest request, ServerCallContext context)
    {
        await Runtime.RemoveSandboxAsync(request.PodSandboxId, context.CancellationToken);
        return new RemovePodSandboxResponse();
    }

    public override async Task<UpdatePodSandboxResourcesResponse> UpdatePodSandboxResources(UpdatePodSandboxResourcesRequest request, ServerCallContext context)
    {
        await Runtime.UpdateSandboxResourcesAsync(request.PodSandboxId, ResourceMapping.ToRequest(request.Overhead, request.Resources), context.CancellationToken);
        return new UpdatePodSandboxResourcesResponse();
    }

    public override Task<PodSandboxStatusResponse> PodSandboxStatus(PodSandboxStatusRequest request, ServerCallContext context)
    {
        var snapshot = Runtime.Snapshot;
        var sandbox = snapshot.FindSandbox(request.PodSandboxId)
            ?? throw RuntimeException.NotFound($"pod sandbox \"{request.PodSandboxId}\" does not exist");
        var response = new PodSandboxStatusResponse { Status = SandboxMapping.ToStatus(sandbox) };
        foreach (var container in snapshot.VisibleContainers.Where(c => c.SandboxId == sandbox.Id).OrderBy(c => c.CreatedAt))
        {
            response.ContainersStatuses.Add(ContainerMapping.ToStatus(container));
        }

        // Taken after the state was read: the kubelet compares it with the time of events.
        response.Timestamp = Times.Nanoseconds(Runtime.Parts.Clock.GetUtcNow());
        if (request.Verbose) response.Info.Add(VerboseInfo.OfSandbox(sandbox, gate.Engine.Traces.Of(sandbox.Id)));
        return Task.FromResult(response);
    }

    public override Task<ListPodSandboxResponse> ListPodSandbox(ListPodSandboxRequest request, ServerCallContext context)
    {
        var response = new ListPodSandboxResponse();
        response.Items.AddRange(Sandboxes(request.Filter));
        return Task.FromResult(response);
    }

    public override Task StreamPodSandboxes(StreamPodSandboxesRequest request, IServerStreamWriter<StreamPodSandboxesResponse> responseStream, ServerCallContext context) =>
        Chunks.WriteAsync(Sandboxes(request.Filter), responseStream, chunk => new StreamPodSandboxesResponse { PodSandboxes = { chunk } }, context.CancellationToken);

    private IEnumerable<PodSandbox> Sandboxes(PodSandboxFilter? filter) => Runtime.Snapshot.VisibleSandboxes
        .Where(s => Filters.Matches(s, filter))
        .OrderByDescending(s => s.CreatedAt)
        .Select(SandboxMapping.ToListItem);
}
