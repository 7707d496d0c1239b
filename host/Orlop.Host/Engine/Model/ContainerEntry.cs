using System.Text.Json.Serialization;
using Orlop.Abstractions.Execution;

namespace Orlop.Host.Engine.Model;

/// <summary>All that is known of a container, as it is kept on record and shown to readers. Immutable.</summary>
internal sealed record ContainerEntry
{
    public required string Id { get; init; }

    public required string SandboxId { get; init; }

    public required ContainerRequest Request { get; init; }

    /// <summary>Tells a repeated request from a changed one (R1).</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The image as people know it: as it was asked for, or one of its names when it was asked for by id.</summary>
    public required string ImageName { get; init; }

    /// <summary>The image's id.</summary>
    public required string ImageId { get; init; }

    /// <summary>The image by digest; CRI <c>ContainerStatus.image_ref</c>, never empty.</summary>
    public required string ImageReference { get; init; }

    public required string Snapshotter { get; init; }

    /// <summary>The ids of the images that it mounts as volumes, by how they were asked for.</summary>
    public IReadOnlyDictionary<string, string> VolumeImages { get; init; } = new Dictionary<string, string>();

    /// <summary>What the backend made; null while it is being made.</summary>
    public ContainerSpec? Spec { get; init; }

    /// <summary>Whether the same request makes it anew, after taking away what is here of it: nobody was given its id.</summary>
    [JsonIgnore]
    public bool IsHalfMade => Spec is null;

    /// <summary>The whole path of the log; empty discards the output.</summary>
    public required string LogPath { get; init; }

    /// <summary>The signal that asks it to end: of the request, else of the image, else SIGTERM.</summary>
    public required string StopSignal { get; init; }

    public ContainerUser? User { get; init; }

    /// <summary>The limits that hold now; an update changes them.</summary>
    public required ContainerResources Resources { get; init; }

    public required ContainerState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How it ended, once it has.</summary>
    public ContainerExit? Exit { get; init; }
}
