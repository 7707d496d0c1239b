namespace Orlop.Cli.Manifests;

/// <summary>A container's security context; what it leaves out comes from the pod's.</summary>
internal sealed record ContainerSecurity : SharedSecurity
{
    public bool Privileged { get; init; }

    public bool ReadOnlyRootFilesystem { get; init; }

    public bool? AllowPrivilegeEscalation { get; init; }

    public IReadOnlyList<string> AddedCapabilities { get; init; } = [];

    public IReadOnlyList<string> DroppedCapabilities { get; init; } = [];

    /// <summary>Default or Unmasked.</summary>
    public string ProcMount { get; init; } = "Default";
}
