namespace Orlop.Host.Configuration;

/// <summary><c>[handlers.&lt;name&gt;]</c>: which parts serve the pods of a RuntimeClass.</summary>
internal sealed record HandlerConfig
{
    /// <summary>The name of an execution backend.</summary>
    public string Backend { get; init; } = "linux-native";

    /// <summary>The name of a snapshotter.</summary>
    public string Snapshotter { get; init; } = "overlay";
}
