using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Records;
using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Extraction;
using Orlop.Snapshots.Trees;

namespace Orlop.Snapshots;

/// <summary>Every layer and every snapshot is a whole tree of its own: works on any file system; cheap where that shares blocks.</summary>
/// <param name="folder">Where layers and snapshots are kept.</param>
/// <param name="records">The plugin's records.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class CopySnapshotter(string folder, IRecordStore records, TimeProvider time, ILogger<CopySnapshotter> logger)
    : DirectorySnapshotter("copy", folder, records, time, logger)
{
    private const string Content = "fs";

    protected override WhiteoutMode Whiteouts => WhiteoutMode.Remove;

    protected override void MakeLayerFolder(string folder, IReadOnlyList<string> lower, CancellationToken cancellationToken)
    {
        if (lower.Count > 0)
            TreeCopier.Copy(lower[0], folder, cancellationToken);
    }

    protected override void MakeSnapshotFolder(string folder, IReadOnlyList<string> lower, bool readOnly, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder))
        {
            using var parent = FileSystem.Open(Path.GetDirectoryName(folder)!, OpenFlags.Directory);
            TreeRemover.Remove(parent, System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(folder)));
        }

        string content = Path.Combine(folder, Content);
        Directory.CreateDirectory(content);
        FileSystem.ChangeMode(SafeFileDescriptor.CurrentDirectory, content, 0x1ed); // 0755, whatever the umask
        if (lower.Count > 0 && !readOnly)
            TreeCopier.Copy(lower[0], content, cancellationToken);
    }

    protected override RootfsMount MountOf(string folder, IReadOnlyList<string> lower, bool readOnly) =>
        readOnly
            ? new RootfsMount("bind", lower.Count > 0 ? lower[0] : Path.Combine(folder, Content), ["ro"])
            : new RootfsMount("bind", Path.Combine(folder, Content), ["rw"]);

    protected override string? WritableFolder(string folder, bool readOnly) => readOnly ? null : Path.Combine(folder, Content);
}
