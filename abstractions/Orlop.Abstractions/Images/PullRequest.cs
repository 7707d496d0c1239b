namespace Orlop.Abstractions.Images;

/// <summary>An image to pull.</summary>
public sealed record PullRequest
{
    /// <summary>What the user wrote: a short name, a tag, a digest, or both.</summary>
    public required string Reference { get; init; }

    /// <summary>Where its layers are unpacked.</summary>
    public required ISnapshotter Snapshotter { get; init; }

    /// <summary>Credentials of this pull; null for none. Never logged.</summary>
    public RegistryCredentials? Credentials { get; init; }

    /// <summary>The namespace of the pod that the image is for; null when unknown.</summary>
    public string? PodNamespace { get; init; }

    /// <summary>Told how far the pull is.</summary>
    public IProgress<PullProgress>? Progress { get; init; }

    /// <summary>Asked once the name is resolved and before any layer is fetched; throws to refuse.</summary>
    public Func<ResolvedImage, CancellationToken, Task>? Approve { get; init; }
}
