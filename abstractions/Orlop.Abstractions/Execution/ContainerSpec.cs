using Orlop.Abstractions.Images;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Abstractions.Execution;

/// <summary>A container to make: the OCI runtime spec and a small envelope around it.</summary>
public sealed record ContainerSpec
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The pod sandbox that it belongs to.</summary>
    public required string SandboxId { get; init; }

    /// <summary>CRI <c>ContainerMetadata.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>CRI <c>ContainerMetadata.attempt</c>.</summary>
    public uint Attempt { get; init; }

    /// <summary>The container itself. <c>process.user</c> is filled in by the backend, from <see cref="User"/>.</summary>
    public required Spec Oci { get; init; }

    /// <summary>What to mount, in order, to have its root file system.</summary>
    public required IReadOnlyList<RootfsMount> Rootfs { get; init; }

    /// <summary>Images that are mounted as volumes. A backend that cannot do that refuses the container.</summary>
    public IReadOnlyList<ImageVolume> ImageVolumes { get; init; } = [];

    /// <summary>Who the process is to be; looked up inside the root file system.</summary>
    public required UserRequest User { get; init; }

    /// <summary>Devices of the node; the backend looks up their numbers and adds them to the spec and to its device rules.</summary>
    public IReadOnlyList<HostDevice> Devices { get; init; } = [];

    /// <summary>The log file in CRI format; null discards the output.</summary>
    public string? LogPath { get; init; }

    /// <summary>Whether the process has an input that a client can attach to; without it, it reads the end of a file.</summary>
    public bool Stdin { get; init; }

    /// <summary>Whether the input ends with the first client; CRI <c>ContainerConfig.stdin_once</c>.</summary>
    public bool StdinOnce { get; init; }
}
