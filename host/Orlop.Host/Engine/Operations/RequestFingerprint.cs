using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Operations;

/// <summary>
/// Tells a repeated request from a changed one (R1). What differs between two tries of the same kubelet does not count: Go shuffles maps,
/// and with them environment variables; and the file for the termination message is made anew for each try.
/// </summary>
internal static class RequestFingerprint
{
    private const string TerminationMessagePath = "io.kubernetes.container.terminationMessagePath";

    public static string Of(SandboxRequest request) => Hash(JsonSerializer.SerializeToNode(request, EngineJson.Default.SandboxRequest));

    public static string Of(ContainerRequest request)
    {
        string? message = request.Annotations.GetValueOrDefault(TerminationMessagePath);
        var steady = request with
        {
            // A stable sort: of two variables with one name the later one wins.
            Environment = [.. request.Environment.OrderBy(v => v.Split('=', 2)[0], StringComparer.Ordinal)],
            Mounts = [.. request.Mounts.Select(m => m.ContainerPath == message ? m with { HostPath = "" } : m)],
        };
        return Hash(JsonSerializer.SerializeToNode(steady, EngineJson.Default.ContainerRequest));
    }

    public static string Of(ContainerResources update) => Hash(JsonSerializer.SerializeToNode(update, EngineJson.Default.ContainerResources));

    public static string Of(SandboxResources update) => Hash(JsonSerializer.SerializeToNode(update, EngineJson.Default.SandboxResources));

    private static string Hash(JsonNode? request) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(request)!.ToJsonString())));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
