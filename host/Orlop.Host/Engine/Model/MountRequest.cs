namespace Orlop.Host.Engine.Model;

/// <summary>CRI <c>Mount</c>.</summary>
internal sealed record MountRequest
{
    public required string ContainerPath { get; init; }

    public string HostPath { get; init; } = "";

    public bool ReadOnly { get; init; }

    public bool RecursiveReadOnly { get; init; }

    public bool SelinuxRelabel { get; init; }

    /// <summary><c>noexec</c>, <c>nodev</c> and <c>nosuid</c>; CRI <c>Mount.mount_options</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public MountPropagation Propagation { get; init; }

    /// <summary>An image to mount instead of a path of the node: a name or an id; empty for none.</summary>
    public string Image { get; init; } = "";

    /// <summary>That image as the pod's author wrote it, for the status.</summary>
    public string UserSpecifiedImage { get; init; } = "";

    public string ImageSubPath { get; init; } = "";
}
