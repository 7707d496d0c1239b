using System.Text.Json.Nodes;
using Orlop.Cri.V1;
using Orlop.Host.Engine;
using Orlop.Host.Engine.Handlers;
using Orlop.Host.Engine.Pods;
using Orlop.Host.Hosting;
using Orlop.Host.Plugins;
using CgroupDriver = Orlop.Abstractions.Execution.CgroupDriver;

namespace Orlop.Host.Cri;

/// <summary>CRI <c>Status</c> and <c>RuntimeConfig</c>: what this node's runtime can do now.</summary>
internal sealed class StatusReport(PluginHost plugins, RunningConfig config)
{
    /// <summary>Our version, semantic.</summary>
    public static string Version { get; } = typeof(StatusReport).Assembly.GetName().Version!.ToString(3);

    public StatusResponse Build(RunningEngine engine, bool verbose)
    {
        var parts = engine.Runtime.Parts;
        var network = parts.Network.Status;
        var response = new StatusResponse
        {
            Status = new RuntimeStatus
            {
                Conditions =
                {
                    RuntimeReady(parts),
                    new RuntimeCondition { Type = "NetworkReady", Status = network.Ready, Reason = network.Reason, Message = network.Message },
                },
            },
            Features = new RuntimeFeatures
            {
                SupplementalGroupsPolicy = parts.Handlers.Default?.Backend.Features.SupplementalGroupsPolicy ?? false,
                MountOptions = true,
            },
        };

        // The kubelet looks for the default handler under the empty name.
        if (parts.Handlers.Default is { } byDefault) response.RuntimeHandlers.Add(Handler("", byDefault));
        response.RuntimeHandlers.AddRange(parts.Handlers.All.Select(h => Handler(h.Name, h)));
        if (verbose) AddInfo(response, parts.Handlers);
        return response;
    }

    public static RuntimeConfigResponse RuntimeConfig(RunningEngine engine)
    {
        var response = new RuntimeConfigResponse();
        if (engine.Runtime.Parts.Handlers.Default?.Backend.Features.CgroupDriver is { } driver)
        {
            response.Linux = new LinuxRuntimeConfiguration
            {
                CgroupDriver = driver == CgroupDriver.Systemd ? Orlop.Cri.V1.CgroupDriver.Systemd : Orlop.Cri.V1.CgroupDriver.Cgroupfs,
            };
        }

        return response;
    }

    private static RuntimeCondition RuntimeReady(EngineParts parts) => parts switch
    {
        { Required.Problems: { Count: > 0 } problems } => NotReady("RequiredPluginNotReady", string.Join("; ", problems)),
        { Handlers.DefaultBrokenReason: { } reason } => NotReady("HandlerNotReady", $"the default runtime handler does not work: {reason}"),
        _ => new RuntimeCondition { Type = "RuntimeReady", Status = true },
    };

    private static RuntimeCondition NotReady(string reason, string message) => new() { Type = "RuntimeReady", Status = false, Reason = reason, Message = message };

    private static RuntimeHandler Handler(string name, Handler handler) => new()
    {
        Name = name,
        Features = new RuntimeHandlerFeatures
        {
            RecursiveReadOnlyMounts = handler.Backend.Features.RecursiveReadOnlyMounts,
            UserNamespaces = handler.Backend.Features.UserNamespaces,
        },
    };

    private void AddInfo(StatusResponse response, HandlerTable handlers)
    {
        var catalog = plugins.Catalog;
        response.Info["plugins"] = new JsonArray([.. catalog.Plugins.Select(Plugin)]).ToText();
        response.Info["config"] = new JsonArray([.. config.Current.Settings.Concat(catalog.Settings).Select(s => (JsonNode)new JsonObject
        {
            ["key"] = s.Key,
            ["value"] = s.Value,
            ["origin"] = s.Origin.ToString(),
        })]).ToText();
        response.Info["backends"] = new JsonObject(handlers.Backends.Select(b => KeyValuePair.Create(
            b.Name, (JsonNode?)new JsonObject(b.Features.Facts.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value)))))).ToText();
        response.Info["brokenHandlers"] = new JsonObject(handlers.Broken.Select(b => KeyValuePair.Create(b.Key, (JsonNode?)b.Value))).ToText();
    }

    private static JsonNode Plugin(PluginInfo plugin) => new JsonObject
    {
        ["id"] = plugin.Id,
        ["version"] = plugin.Version,
        ["state"] = plugin.State.ToString(),
        ["reason"] = plugin.Reason,
        ["kinds"] = new JsonArray([.. plugin.Kinds.Select(k => (JsonNode)k)]),
        ["capabilities"] = new JsonArray([.. plugin.Capabilities.Select(c => (JsonNode)c)]),
        ["folder"] = plugin.Folder,
    };
}
