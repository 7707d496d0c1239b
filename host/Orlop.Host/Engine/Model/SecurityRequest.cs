using Orlop.Abstractions.Execution;

namespace Orlop.Host.Engine.Model;

/// <summary>CRI <c>LinuxContainerSecurityContext</c>.</summary>
internal sealed record SecurityRequest
{
    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    public IReadOnlyList<string> AmbientCapabilities { get; init; } = [];

    public bool Privileged { get; init; }

    public NamespaceMode Pid { get; init; } = NamespaceMode.Pod;

    /// <summary>The container whose PID namespace is joined, when <see cref="Pid"/> is <see cref="NamespaceMode.Target"/>.</summary>
    public string TargetId { get; init; } = "";

    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public string RunAsUsername { get; init; } = "";

    public bool ReadOnlyRootfs { get; init; }

    public IReadOnlyList<long> SupplementalGroups { get; init; } = [];

    public bool StrictGroups { get; init; }

    public bool NoNewPrivileges { get; init; }

    public IReadOnlyList<string> MaskedPaths { get; init; } = [];

    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    public SecurityProfile Seccomp { get; init; } = SecurityProfile.Unconfined;

    public SecurityProfile Apparmor { get; init; } = SecurityProfile.Unconfined;
}
