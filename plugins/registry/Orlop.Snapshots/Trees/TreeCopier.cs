using Orlop.Abstractions.Errors;
using Orlop.Linux.Syscalls;
using FileMode = Orlop.Linux.Syscalls.FileMode;

namespace Orlop.Snapshots.Trees;

/// <summary>Copies a tree as it is: owners, modes, times, extended attributes, hard links, holes and device nodes; shares blocks where the file system can.</summary>
internal sealed class TreeCopier(SafeFileDescriptor target, CancellationToken cancellationToken)
{
    private const int MaxDepth = 1000;

    // Files with more than one name: where the first of them was copied to, as a path below the target.
    private readonly Dictionary<ulong, byte[]> _linked = [];

    /// <summary>Copies what is in one folder, and the folder's own attributes, to another that is empty.</summary>
    public static void Copy(string source, string target, CancellationToken cancellationToken)
    {
        using var from = FileSystem.Open(source, OpenFlags.ReadOnly | OpenFlags.Directory);
        using var to = FileSystem.Open(target, OpenFlags.ReadOnly | OpenFlags.Directory);
        new TreeCopier(to, cancellationToken).CopyFolder(from, to, [], 0);
    }

    private void CopyFolder(SafeFileDescriptor from, SafeFileDescriptor to, byte[] path, int depth)
    {
        if (depth > MaxDepth)
            throw RuntimeException.InvalidArgument($"copy a layer: folders are nested deeper than {MaxDepth}");
        foreach (byte[] name in FolderNames.Read(from))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var status = FileSystem.Status(from, name);
            byte[] childPath = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            if (status.IsDirectory)
            {
                FileSystem.MakeDirectory(to, name, 0x1c0);
                using var childFrom = FileSystem.Open(from, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
                using var childTo = FileSystem.Open(to, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
                CopyFolder(childFrom, childTo, childPath, depth + 1);
            }
            else if (status.Links > 1 && _linked.TryGetValue(status.Inode, out byte[]? first))
            {
                FileSystem.MakeLink(target, first, to, name);
            }
            else
            {
                CopyEntry(from, to, name, status);
                if (status.Links > 1)
                    _linked.Add(status.Inode, childPath);
            }
        }

        FileAttributesCopy.Apply(from, to);
    }

    private static void CopyEntry(SafeFileDescriptor from, SafeFileDescriptor to, byte[] name, FileStatus status)
    {
        if (status.IsRegular)
        {
            using var source = FileSystem.Open(from, name, OpenFlags.ReadOnly | OpenFlags.NoFollow);
            using var copy = FileSystem.Open(to, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, 0x180);
            CopyContent(source, copy, (long)status.Size);
            FileAttributesCopy.Apply(source, copy);
            return;
        }

        if (status.IsSymlink)
            FileSystem.MakeSymlink(FileSystem.ReadLink(from, name), to, name);
        else
            FileSystem.MakeNode(to, name, (uint)status.FileType | 0x180, FileMode.Device(status.RawDeviceMajor, status.RawDeviceMinor));
        FileSystem.ChangeOwner(to, name, status.Uid, status.Gid);
        if (!status.IsSymlink)
            FileSystem.ChangeMode(to, name, (uint)(status.Mode & FileMode.PermissionMask));
        foreach (byte[] attribute in ExtendedAttributes.List(PathBytes.Inside(from, name)))
        {
            if (ExtendedAttributes.Get(PathBytes.Inside(from, name), attribute) is { } value)
                ExtendedAttributes.Set(PathBytes.Inside(to, name), attribute, value);
        }

        FileSystem.SetTimes(to, name, TimeSpec.Omit, new TimeSpec(status.ModifyTime.Seconds, status.ModifyTime.Nanoseconds));
    }

    private static void CopyContent(SafeFileDescriptor source, SafeFileDescriptor copy, long size)
    {
        if (size == 0 || FileSystem.TryClone(source, copy))
            return;
        long offset = 0;
        while (offset < size && FileSystem.TryFindData(source, offset, out long start, out long end))
        {
            FileSystem.CopyRange(source, copy, start, end - start);
            offset = end;
        }

        FileSystem.SetLength(copy, size);
    }
}
