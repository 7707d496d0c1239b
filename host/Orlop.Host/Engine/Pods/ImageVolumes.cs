using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Specs;

namespace Orlop.Host.Engine.Pods;

/// <summary>The images that a container mounts as volumes. Each has a read-only snapshot of its own, which lives as long as the container.</summary>
internal static class ImageVolumes
{
    private const string Infix = "-volume-";

    /// <summary>The keys of all snapshots of a container: of its root file system, then of its volumes.</summary>
    public static IEnumerable<string> SnapshotKeys(ContainerEntry container) =>
        [container.Id, .. Requested(container.Request).Select(v => Key(container.Id, v.Index))];

    /// <summary>The container that a snapshot was made for.</summary>
    public static string ContainerOf(string snapshotKey)
    {
        int infix = snapshotKey.IndexOf(Infix, StringComparison.Ordinal);
        return infix < 0 ? snapshotKey : snapshotKey[..infix];
    }

    /// <summary>Finds the images of all volumes.</summary>
    /// <returns>Each image by how it was asked for.</returns>
    /// <exception cref="RuntimeException">One is not here, or the request is wrong.</exception>
    public static IReadOnlyDictionary<string, Image> Find(ContainerRequest request, IImageSource images)
    {
        var found = new Dictionary<string, Image>(StringComparer.Ordinal);
        foreach (var (_, mount) in Requested(request))
        {
            Check(request, mount);
            found[mount.Image] = images.Find(mount.Image) ?? throw Failed(ErrorKind.NotFound, request, mount, "the image is not here; pull it first");
        }

        return found;
    }

    /// <summary>Makes the snapshots.</summary>
    public static async Task<IReadOnlyList<ImageVolume>> PrepareAsync(
        string containerId, ContainerRequest request, IReadOnlyDictionary<string, Image> images, ISnapshotter snapshotter, EngineParts parts, OperationContext op, UndoStack undo)
    {
        var volumes = new List<ImageVolume>();
        foreach (var (index, mount) in Requested(request))
        {
            using var phase = op.Trace.Begin("image volume");
            phase.Note(mount.Image);
            string key = Key(containerId, index);
            undo.Push("image volume", (_, token) => snapshotter.RemoveAsync(key, token));
            var snapshot = await SnapshotAsync(key, images[mount.Image], snapshotter, parts, phase, op.Token);
            volumes.Add(new ImageVolume(mount.ContainerPath, mount.ImageSubPath, snapshot.Mounts, LinuxMounts.ExtraOptions(request, mount)));
        }

        return volumes;
    }

    private static async Task<Snapshot> SnapshotAsync(
        string key, Image image, ISnapshotter snapshotter, EngineParts parts, IPhase phase, CancellationToken cancellationToken)
    {
        if (image.ChainId is { } top && !snapshotter.HasLayer(top)) await parts.Images.UnpackAsync(image, snapshotter, phase, cancellationToken);
        return await snapshotter.PrepareAsync(key, image.ChainId, readOnly: true, phase, cancellationToken);
    }

    private static void Check(ContainerRequest request, MountRequest mount)
    {
        string? wrong = mount switch
        {
            { ContainerPath.Length: 0 } => "it has no container_path",
            { HostPath.Length: > 0 } => $"it has a host_path too, \"{mount.HostPath}\"; use one of the two",
            { ReadOnly: false } => "an image can be mounted read-only alone; set readonly",
            { Propagation: not MountPropagation.Private } => "an image passes no mounts on; use private propagation",
            _ when mount.ImageSubPath.StartsWith('/') || mount.ImageSubPath.Split('/').Contains("..") =>
                $"image_sub_path \"{mount.ImageSubPath}\" must be relative and without \"..\"",
            _ => null,
        };
        if (wrong is not null) throw Failed(ErrorKind.InvalidArgument, request, mount, wrong);
    }

    private static IEnumerable<(int Index, MountRequest Mount)> Requested(ContainerRequest request) =>
        request.Mounts.Index().Where(m => m.Item.Image.Length > 0);

    private static string Key(string containerId, int index) => $"{containerId}{Infix}{index}";

    // The kubelet knows this start of the message (cri-api pkg/errors, ErrImageVolumeMountFailed).
    private static RuntimeException Failed(ErrorKind kind, ContainerRequest request, MountRequest mount, string why) =>
        new(kind, $"ImageVolumeMountFailed: container \"{request.Name}\": image volume \"{mount.Image}\" at \"{mount.ContainerPath}\": {why}");
}
