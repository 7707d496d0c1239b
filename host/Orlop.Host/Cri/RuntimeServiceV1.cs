using Grpc.Core;
using Orlop.Cri.V1;
using Orlop.Host.Engine;

namespace Orlop.Host.Cri;

/// <summary>CRI <c>RuntimeService</c>: translates and hands on. Calls that are not here answer Unimplemented.</summary>
internal sealed partial class RuntimeServiceV1(EngineGate gate, StatusReport status) : RuntimeService.RuntimeServiceBase
{
    private Runtime Runtime => gate.Engine.Runtime;

    public override Task<VersionResponse> Version(VersionRequest request, ServerCallContext context) => Task.FromResult(new VersionResponse
    {
        Version = "0.1.0", // of the kubelet's runtime API, which has said so since its first day
        RuntimeName = "orlop",
        RuntimeVersion = StatusReport.Version,
        RuntimeApiVersion = "v1",
    });

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) => Task.FromResult(status.Build(gate.Engine, request.Verbose));

    public override Task<RuntimeConfigResponse> RuntimeConfig(RuntimeConfigRequest request, ServerCallContext context) =>
        Task.FromResult(StatusReport.RuntimeConfig(gate.Engine));

    public override async Task<UpdateRuntimeConfigResponse> UpdateRuntimeConfig(UpdateRuntimeConfigRequest request, ServerCallContext context)
    {
        string cidr = request.RuntimeConfig?.NetworkConfig?.PodCidr ?? "";
        string[] cidrs = cidr.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (cidrs.Length > 0) await Runtime.Parts.Network.SetPodCidrsAsync(cidrs, context.CancellationToken);
        return new UpdateRuntimeConfigResponse();
    }
}
