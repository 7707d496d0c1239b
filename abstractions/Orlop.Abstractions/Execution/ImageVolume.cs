using Orlop.Abstractions.Images;

namespace Orlop.Abstractions.Execution;

/// <summary>The content of an image as a volume of a container, read-only; CRI <c>Mount.image</c>.</summary>
/// <param name="Destination">Where it appears in the container. Mounts of the OCI spec below that place come after it.</param>
/// <param name="SubPath">The folder or file of the image that appears there; empty for the whole image. Links are followed within the image.</param>
/// <param name="Mounts">What to mount, in order, to have the image.</param>
/// <param name="Options">Further options of mount(8): <c>noexec</c>, <c>nodev</c>, <c>nosuid</c>.</param>
public sealed record ImageVolume(string Destination, string SubPath, IReadOnlyList<RootfsMount> Mounts, IReadOnlyList<string> Options);
