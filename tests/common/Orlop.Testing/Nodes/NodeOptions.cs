namespace Orlop.Testing.Nodes;

/// <summary>How a node differs from the usual one.</summary>
public sealed record NodeOptions
{
    /// <summary>Whether a CNI configuration is there from the start.</summary>
    public bool Network { get; init; } = true;

    /// <summary>Whether the test images are in the registry from the start.</summary>
    public bool Images { get; init; } = true;

    /// <summary>Whether a second registry that asks for a password runs at <c>localhost:5001</c>.</summary>
    public bool PrivateRegistry { get; init; }

    /// <summary>Folders of plugins besides those of the built tree.</summary>
    public IReadOnlyList<string> PluginFolders { get; init; } = [];

    /// <summary>How long the daemon may take from its start to its first status.</summary>
    public TimeSpan StartPatience { get; init; } = Deadline.Seconds(20);

    /// <summary>How large the disk with the daemon's root is, as tmpfs(5) takes it.</summary>
    public string RootSize { get; init; } = "50%";

    /// <summary>Further lines for the tables of plugins, by the plugin's id.</summary>
    public Dictionary<string, string> PluginSettings { get; } = new(StringComparer.Ordinal);

    /// <summary>Further lines for the beginning of the daemon's configuration, before its first table.</summary>
    public string TopLevelConfiguration { get; init; } = $"plugin_load_timeout = {Deadline.Seconds(30).TotalSeconds:F0}";

    /// <summary>Further lines for the end of the daemon's configuration.</summary>
    public string Configuration { get; init; } = "";
}
