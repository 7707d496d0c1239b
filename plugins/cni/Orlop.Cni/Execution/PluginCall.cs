namespace Orlop.Cni.Execution;

/// <summary>One call of one plugin; CNI specification, section 2, "parameters".</summary>
internal sealed record PluginCall
{
    public required CniCommand Command { get; init; }

    /// <summary>The plugin's type.</summary>
    public required string Plugin { get; init; }

    /// <summary>What the plugin reads on its standard input.</summary>
    public required byte[] Input { get; init; }

    /// <summary>What the call is about, for messages: <c>pod default/web (sandbox 3fb2)</c>.</summary>
    public required string Subject { get; init; }

    /// <summary><c>CNI_CONTAINERID</c>; empty for the operations of a whole network.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary><c>CNI_NETNS</c>; empty when the namespace is gone.</summary>
    public string NetworkNamespace { get; init; } = "";

    /// <summary><c>CNI_IFNAME</c>.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary><c>CNI_ARGS</c>.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>The garbage collection that it is a part of; empty for none.</summary>
    public string Collection { get; init; } = "";

    /// <summary>When the call may take less than the configured time.</summary>
    public TimeSpan? Timeout { get; init; }
}
