namespace Orlop.Host.Configuration;

/// <summary><c>[network]</c>.</summary>
internal sealed record NetworkConfig
{
    /// <summary>The name of the pod network.</summary>
    public string Plugin { get; init; } = "cni";
}
