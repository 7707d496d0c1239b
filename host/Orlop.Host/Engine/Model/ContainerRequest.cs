namespace Orlop.Host.Engine.Model;

/// <summary>A container that somebody asked for: CRI <c>ContainerConfig</c> in our terms.</summary>
internal sealed record ContainerRequest
{
    public required string Name { get; init; }

    public uint Attempt { get; init; }

    /// <summary>The image as it was asked for: a name or an id.</summary>
    public required string Image { get; init; }

    /// <summary>The image as the pod's author wrote it, for the status; empty when the kubelet did not say.</summary>
    public string UserSpecifiedImage { get; init; } = "";

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Args { get; init; } = [];

    public string WorkingDirectory { get; init; } = "";

    /// <summary><c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public IReadOnlyList<MountRequest> Mounts { get; init; } = [];

    public IReadOnlyList<DeviceRequest> Devices { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Relative to the pod's log folder; empty discards the output.</summary>
    public string LogPath { get; init; } = "";

    public bool Stdin { get; init; }

    public bool StdinOnce { get; init; }

    public bool Terminal { get; init; }

    /// <summary>A name of signal(7); null leaves it to the image.</summary>
    public string? StopSignal { get; init; }

    public ContainerResources Resources { get; init; } = new();

    public SecurityRequest Security { get; init; } = new();
}
