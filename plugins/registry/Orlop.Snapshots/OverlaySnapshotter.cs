using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Records;
using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Extraction;
using Orlop.Snapshots.Trees;

namespace Orlop.Snapshots;

/// <summary>Layers as folders of differences, put together by overlayfs.</summary>
/// <param name="folder">Where layers and snapshots are kept.</param>
/// <param name="records">The plugin's records.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class OverlaySnapshotter(string folder, IRecordStore records, TimeProvider time, ILogger<OverlaySnapshotter> logger)
    : DirectorySnapshotter("overlay", folder, records, time, logger)
{
    private const string Upper = "upper";
    private const string Work = "work";

    protected override WhiteoutMode Whiteouts => WhiteoutMode.Overlay;

    // A layer that does not name the root keeps the root of the one below.
    protected override void MakeLayerFolder(string folder, IReadOnlyList<string> lower, CancellationToken cancellationToken) =>
        CopyRootAttributes(folder, lower);

    protected override void MakeSnapshotFolder(string folder, IReadOnlyList<string> lower, bool readOnly, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder))
        {
            using var parent = FileSystem.Open(Path.GetDirectoryName(folder)!, OpenFlags.Directory);
            TreeRemover.Remove(parent, System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(folder)));
        }

        string upper = Path.Combine(folder, Upper);
        Directory.CreateDirectory(upper);
        FileSystem.ChangeMode(SafeFileDescriptor.CurrentDirectory, upper, 0x1ed); // 0755, whatever the umask
        if (readOnly)
            return;
        Directory.CreateDirectory(Path.Combine(folder, Work));
        CopyRootAttributes(upper, lower); // the root's owner and mode are those of the upper folder
    }

    protected override RootfsMount MountOf(string folder, IReadOnlyList<string> lower, bool readOnly)
    {
        string upper = Path.Combine(folder, Upper);
        if (readOnly && lower.Count <= 1)
            return new RootfsMount("bind", lower.Count == 1 ? lower[0] : upper, ["ro"]);
        if (lower.Count == 0)
            return new RootfsMount("bind", upper, ["rw"]);

        // index=off: a snapshot may be mounted again while an earlier mount of it is still being torn down.
        var options = lower.Select(l => $"lowerdir+={l}").ToList();
        if (readOnly)
            options.Add("ro");
        else
            options.AddRange([$"upperdir={upper}", $"workdir={Path.Combine(folder, Work)}", "index=off"]);
        return new RootfsMount("overlay", "overlay", options);
    }

    protected override string? WritableFolder(string folder, bool readOnly) => readOnly ? null : Path.Combine(folder, Upper);

    protected override TreeUsage? InitialUsage(string writable, CancellationToken cancellationToken) => TreeUsage.Of(writable, cancellationToken);

    private static void CopyRootAttributes(string folder, IReadOnlyList<string> lower)
    {
        if (lower.Count == 0)
            return;
        using var source = FileSystem.Open(lower[0], OpenFlags.Directory);
        using var target = FileSystem.Open(folder, OpenFlags.Directory);
        FileAttributesCopy.Apply(source, target);
    }
}
