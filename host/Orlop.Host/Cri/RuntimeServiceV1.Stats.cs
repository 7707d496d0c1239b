using Grpc.Core;
using Orlop.Cri.V1;
using Orlop.Host.Cri.Mapping;
using ContainerState = Orlop.Host.Engine.Model.ContainerState;

namespace Orlop.Host.Cri;

internal sealed partial class RuntimeServiceV1
{
    public override async Task<ContainerStatsResponse> ContainerStats(ContainerStatsRequest request, ServerCallContext context)
    {
        var container = Runtime.Snapshot.FindContainer(request.ContainerId) ?? throw NoContainer(request.ContainerId);
        var sample = await gate.Engine.Usage.GetAsync(container.StartedAt, context.CancellationToken);
        return new ContainerStatsResponse { Stats = StatsMapping.Of(container, sample, Runtime.Parts.Handlers) };
    }

    public override async Task<ListContainerStatsResponse> ListContainerStats(ListContainerStatsRequest request, ServerCallContext context)
    {
        var response = new ListContainerStatsResponse();
        response.Stats.AddRange(await StatsAsync(request.Filter, context.CancellationToken));
        return response;
    }

    public override async Task StreamContainerStats(
        StreamContainerStatsRequest request, IServerStreamWriter<StreamContainerStatsResponse> responseStream, ServerCallContext context) =>
        await Chunks.WriteAsync(
            await StatsAsync(request.Filter, context.CancellationToken),
            responseStream,
            chunk => new StreamContainerStatsResponse { ContainerStats = { chunk } },
            context.CancellationToken);

    private async Task<IEnumerable<ContainerStats>> StatsAsync(ContainerStatsFilter? filter, CancellationToken cancellationToken)
    {
        var running = Runtime.Snapshot.VisibleContainers.Where(c => c.State == ContainerState.Running && Filters.Matches(c, filter)).OrderByDescending(c => c.CreatedAt).ToList();
        var sample = await gate.Engine.Usage.GetAsync(running.Max(c => c.StartedAt), cancellationToken);
        return running.Select(c => StatsMapping.Of(c, sample, Runtime.Parts.Handlers));
    }
}
