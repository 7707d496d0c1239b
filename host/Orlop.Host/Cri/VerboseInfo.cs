using System.Text.Json;
using System.Text.Json.Nodes;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Oci;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;

namespace Orlop.Host.Cri;

/// <summary>The <c>info</c> maps of verbose answers: JSON texts for people and for the CLI. Their members only grow.</summary>
internal static class VerboseInfo
{
    public static Dictionary<string, string> OfSandbox(SandboxEntry sandbox, IReadOnlyList<OperationTrace> traces) => new(StringComparer.Ordinal)
    {
        ["info"] = new JsonObject
        {
            ["backend"] = sandbox.Backend,
            ["runtimeHandler"] = sandbox.Handler,
            ["cgroupParent"] = sandbox.Spec.CgroupParent,
            ["hostname"] = sandbox.Spec.Hostname,
            ["logDirectory"] = sandbox.LogDirectory,
            ["overhead"] = JsonSerializer.SerializeToNode(sandbox.Resources.Overhead, EngineJson.Default.ContainerResources),
            ["resources"] = JsonSerializer.SerializeToNode(sandbox.Resources.Containers, EngineJson.Default.ContainerResources),
        }.ToText(),
        ["trace"] = new JsonArray([.. traces.Select(Trace)]).ToText(),
    };

    public static Dictionary<string, string> OfContainer(ContainerEntry container, int? processId) => new(StringComparer.Ordinal)
    {
        ["info"] = new JsonObject
        {
            ["pid"] = processId ?? 0,
            ["sandboxId"] = container.SandboxId,
            ["snapshotKey"] = container.Id,
            ["snapshotter"] = container.Snapshotter,
            ["runtimeSpec"] = container.Spec is { } spec ? JsonSerializer.SerializeToNode(spec.Oci, OciJson.Default.Spec) : null,
        }.ToText(),
    };

    public static Dictionary<string, string> OfImage(Image image) => new(StringComparer.Ordinal)
    {
        ["info"] = new JsonObject
        {
            ["chainID"] = image.ChainId,
            ["imageSpec"] = JsonSerializer.SerializeToNode(image.Configuration, OciJson.Default.ImageConfiguration),
        }.ToText(),
    };

    public static Dictionary<string, string> OfPull(PullProgress progress) => new(StringComparer.Ordinal)
    {
        ["pull"] = new JsonObject
        {
            ["fetchedBytes"] = progress.FetchedBytes,
            ["totalBytes"] = progress.TotalBytes,
            ["unpackedLayers"] = progress.UnpackedLayers,
            ["totalLayers"] = progress.TotalLayers,
        }.ToText(),
    };

    private static JsonNode Trace(OperationTrace trace) => new JsonObject
    {
        ["operation"] = trace.Key.Kind,
        ["name"] = trace.Key.Name,
        ["startedAt"] = trace.StartedAt,
        ["durationMs"] = trace.Duration.TotalMilliseconds,
        ["running"] = trace.IsRunning,
        ["error"] = trace.Error,
        ["phases"] = new JsonArray([.. trace.Phases.Select(p => (JsonNode)new JsonObject
        {
            ["name"] = p.Name,
            ["depth"] = p.Depth,
            ["startMs"] = p.Start.TotalMilliseconds,
            ["durationMs"] = p.Duration?.TotalMilliseconds,
            ["note"] = p.Note,
        })]),
    };
}
