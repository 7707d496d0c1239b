using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Abstractions.Execution;

/// <summary>A living pod sandbox.</summary>
public interface ISandbox
{
    /// <summary>Its id.</summary>
    string Id { get; }

    /// <summary>Its network namespace: a path that stays valid until <see cref="RemoveAsync"/>, or a GUID on Windows; null when the pod uses the node's.</summary>
    string? NetworkNamespace { get; }

    /// <summary>The namespaces that its containers join, as they stand in their OCI specs; a namespace that is not listed is the node's.</summary>
    IReadOnlyList<LinuxNamespace> Namespaces { get; }

    /// <summary>Mounts that every container of the pod gets unless it mounts the same place itself: hosts, hostname, resolv.conf, shm.</summary>
    IReadOnlyList<Mount> SharedMounts { get; }

    /// <summary>Completes when the sandbox is lost: its supervisor ended without being asked to.</summary>
    Task<string> Lost { get; }

    /// <summary>Prepares a container up to the point where only its process is missing. Its command is checked here where that is possible.</summary>
    Task<IContainer> CreateContainerAsync(ContainerSpec spec, IPhase phase, CancellationToken cancellationToken);

    /// <summary>Ends everything that runs in the sandbox; its namespaces stay until <see cref="RemoveAsync"/>. Idempotent.</summary>
    Task StopAsync(IPhase phase, CancellationToken cancellationToken);

    /// <summary>Stops it and releases everything: processes, namespaces, cgroups, mounts, files. Idempotent.</summary>
    Task RemoveAsync(IPhase phase, CancellationToken cancellationToken);
}
