using System.Collections.Frozen;

namespace Orlop.Host.Configuration;

/// <summary>The configuration of the daemon. Everything has a default, so that an empty file works.</summary>
internal sealed record OrlopConfig
{
    /// <summary>The unix socket that serves CRI.</summary>
    public string Socket { get; init; } = "/run/orlop/orlop.sock";

    /// <summary>The group that may connect to the socket besides root.</summary>
    public uint SocketGid { get; init; }

    /// <summary>The folder of what survives a reboot: state, images, snapshots. Mode 0700.</summary>
    public string Root { get; init; } = "/var/lib/orlop";

    /// <summary>The folder of what ends with the boot: supervisors, sandboxes. Mode 0700.</summary>
    public string State { get; init; } = "/run/orlop";

    /// <summary>Where plugins are looked for, each in a folder named as its id.</summary>
    public IReadOnlyList<string> PluginFolders { get; init; } = Configuration.PluginFolders.Default;

    /// <summary>How long a plugin may take to load, and each of its services to start.</summary>
    public TimeSpan PluginLoadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public LogConfig Log { get; init; } = new();

    /// <summary>Runtime handlers by name; <c>default</c> is always among them.</summary>
    public IReadOnlyDictionary<string, HandlerConfig> Handlers { get; init; } =
        new Dictionary<string, HandlerConfig>(StringComparer.Ordinal) { ["default"] = new() }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The handler of a pod whose <c>RunPodSandboxRequest.runtime_handler</c> is empty.</summary>
    public string DefaultHandler { get; init; } = "default";

    public NetworkConfig Network { get; init; } = new();

    public ImagesConfig Images { get; init; } = new();

    /// <summary>What is configured for plugins, by plugin id; a plugin that is not here has its defaults.</summary>
    public IReadOnlyDictionary<string, PluginConfig> Plugins { get; init; } = FrozenDictionary<string, PluginConfig>.Empty;
}
