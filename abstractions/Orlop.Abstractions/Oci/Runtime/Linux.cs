using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>What only Linux has.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record Linux
{
    /// <summary>User ids of a user namespace.</summary>
    [JsonPropertyName("uidMappings")]
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    /// <summary>Group ids of a user namespace.</summary>
    [JsonPropertyName("gidMappings")]
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }

    /// <summary>Kernel parameters of the container's namespaces.</summary>
    [JsonPropertyName("sysctl")]
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    /// <summary>Limits.</summary>
    [JsonPropertyName("resources")]
    public Resources? Resources { get; init; }

    /// <summary>The container's cgroup: a path, or <c>slice:prefix:name</c> for systemd.</summary>
    [JsonPropertyName("cgroupsPath")]
    public string? CgroupsPath { get; init; }

    /// <summary>New namespaces, and such that are joined.</summary>
    [JsonPropertyName("namespaces")]
    public IReadOnlyList<LinuxNamespace>? Namespaces { get; init; }

    /// <summary>Devices besides the default ones.</summary>
    [JsonPropertyName("devices")]
    public IReadOnlyList<LinuxDevice>? Devices { get; init; }

    /// <summary>The system call filter.</summary>
    [JsonPropertyName("seccomp")]
    public LinuxSeccomp? Seccomp { get; init; }

    /// <summary>Mount propagation of the root: <c>private</c>, <c>rslave</c>, <c>rshared</c>.</summary>
    [JsonPropertyName("rootfsPropagation")]
    public string? RootfsPropagation { get; init; }

    /// <summary>Paths that cannot be read.</summary>
    [JsonPropertyName("maskedPaths")]
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that cannot be written.</summary>
    [JsonPropertyName("readonlyPaths")]
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>The SELinux label of mounts.</summary>
    [JsonPropertyName("mountLabel")]
    public string? MountLabel { get; init; }
}
