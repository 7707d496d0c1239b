namespace Orlop.Cni.Configuration;

/// <summary>A network: an ordered chain of plugins; CNI specification, section 1.</summary>
internal sealed record NetworkConfiguration
{
    /// <summary>Unique on the node; plugins key their own state by it.</summary>
    public required string Name { get; init; }

    /// <summary>The versions that the configuration is written for, the newest first; all are released ones.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    public required IReadOnlyList<PluginConfiguration> Plugins { get; init; }

    /// <summary>CHECK gives false alarms with this chain and must not be called.</summary>
    public bool DisableCheck { get; init; }

    /// <summary>GC would hurt, for example because another runtime shares the network, and must not be called.</summary>
    public bool DisableGarbageCollection { get; init; }

    /// <summary>The bytes that this was read from, from which it can be read again.</summary>
    public required byte[] Source { get; init; }

    /// <summary>The file that it came from.</summary>
    public required string File { get; init; }
}
