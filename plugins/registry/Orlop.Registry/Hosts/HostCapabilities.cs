namespace Orlop.Registry.Hosts;

/// <summary>What a registry host may be asked for; <c>capabilities</c> in hosts.toml.</summary>
[Flags]
internal enum HostCapabilities
{
    None = 0,

    /// <summary>Manifests and blobs by their digest.</summary>
    Pull = 1,

    /// <summary>Which digest a tag stands for.</summary>
    Resolve = 2,
}
