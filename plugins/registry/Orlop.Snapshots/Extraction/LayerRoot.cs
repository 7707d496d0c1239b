using System.Runtime.InteropServices;
using Orlop.Layers;
using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Trees;
using FileMode = Orlop.Linux.Syscalls.FileMode;

namespace Orlop.Snapshots.Extraction;

/// <summary>
/// The folder that a layer is unpacked into. The kernel resolves every path with it as the root (openat2, RESOLVE_IN_ROOT), so
/// that no link in a layer, absolute, relative or chained, leads out of it (R24).
/// </summary>
/// <param name="root">The layer's folder.</param>
/// <param name="lowerRoots">The folders of the layers below, the top-most first, where this one holds differences only.</param>
internal sealed class LayerRoot(SafeFileDescriptor root, IReadOnlyList<SafeFileDescriptor> lowerRoots) : IDisposable
{
    private const ResolveFlags InRoot = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
    private const int MaxLinks = 40; // as the kernel's: path_resolution(7)
    private const OpenFlags FolderOnly = OpenFlags.Path | OpenFlags.Directory;

    // Most entries are in the same folder as the one before.
    private byte[] _lastPath = [];
    private SafeFileDescriptor? _last;

    public SafeFileDescriptor Root => root;

    /// <summary>The folder of a clean path, made with its parents where it is missing. Valid until the next call.</summary>
    /// <exception cref="LayerFormatException">Something on the way is no folder.</exception>
    public SafeFileDescriptor OpenFolder(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return root;
        if (_last is not null && path.SequenceEqual(_lastPath))
            return _last;

        var folder = FileSystem.TryOpen(root, path, FolderOnly, InRoot);
        if (folder is null)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.ENOENT or Errno.ENOTDIR))
                throw new SyscallException("openat2", errno, $"\"{((PathBytes)path).ToString()}\"");
            MakeFolders(path);
            folder = FileSystem.Open(root, path, FolderOnly, InRoot);
        }

        Forget();
        _last = folder;
        _lastPath = path.ToArray();
        return folder;
    }

    /// <summary>The folder of a clean path; null when there is none.</summary>
    public SafeFileDescriptor? TryOpenFolder(ReadOnlySpan<byte> path) =>
        FileSystem.TryOpen(root, path.IsEmpty ? "."u8 : path, FolderOnly, InRoot);

    /// <summary>Must be called once something was removed: a remembered folder may be gone.</summary>
    public void Forget()
    {
        _last?.Dispose();
        _last = null;
    }

    public void Dispose()
    {
        Forget();
        root.Dispose();
        foreach (var lower in lowerRoots)
            lower.Dispose();
    }

    private void MakeFolders(ReadOnlySpan<byte> path, int links = 0)
    {
        for (int end = 0; end < path.Length; end++)
        {
            int slash = path[(end + 1)..].IndexOf((byte)'/');
            end = slash < 0 ? path.Length : end + 1 + slash;
            var folderPath = path[..end];
            if (TryOpenFolder(folderPath) is { } present)
            {
                present.Dispose();
                continue;
            }

            EntryPath.Split(folderPath, out var parentPath, out var name);
            using var parent = TryOpenFolder(parentPath) ?? throw SyscallException.Last("openat2", parentPath);
            bool wasHidden = false;
            if (FileSystem.TryStatus(parent, name, out var status))
            {
                if (status.IsSymlink && links < MaxLinks)
                {
                    // A link to what is only in a layer below, or comes later: make what it leads to.
                    MakeFolders(TargetOf(parent, name), links + 1);
                    continue;
                }

                wasHidden = Whiteout.Is(status);
                if (!wasHidden)
                    throw new LayerFormatException($"\"{((PathBytes)folderPath).ToString()}\", which should be a folder, is {Describe(status)}");
                FileSystem.Remove(parent, name);
            }

            FileSystem.MakeDirectory(parent, name, 0x1ed); // 0755
            FileSystem.ChangeOwner(parent, name, 0, 0); // the parent may have a set-group-id bit
            FileSystem.ChangeMode(parent, name, 0x1ed);
            if (wasHidden)
                Whiteout.MakeOpaque(parent, name);
            CopyAttributes(parent, name, folderPath);
        }
    }

    // The target as a path below the root. Only the kernel knows where a relative link starts from.
    private byte[] TargetOf(SafeFileDescriptor parent, ReadOnlySpan<byte> name)
    {
        byte[] target = FileSystem.ReadLink(parent, name);
        if (target[0] == '/')
            return EntryPath.Clean(target, stopsAtRoot: true);
        byte[] rootPath = FileSystem.ReadLink(SafeFileDescriptor.CurrentDirectory, PathBytes.Of(root));
        byte[] parentPath = FileSystem.ReadLink(SafeFileDescriptor.CurrentDirectory, PathBytes.Of(parent));
        return EntryPath.Clean([.. parentPath.AsSpan(rootPath.Length), (byte)'/', .. target], stopsAtRoot: true);
    }

    // A folder that the archive does not name hides the one below it: its owner, mode and attributes must be the same.
    private void CopyAttributes(SafeFileDescriptor parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        foreach (var lower in lowerRoots)
        {
            using var below = FileSystem.TryOpen(lower, path, OpenFlags.Path | OpenFlags.NoFollow, InRoot | ResolveFlags.NoSymlinks);
            if (below is null)
                continue;
            if (!FileSystem.Status(below).IsDirectory)
                return;
            using var folder = FileSystem.Open(parent, name, OpenFlags.Directory | OpenFlags.NoFollow);
            FileAttributesCopy.Apply(below, folder);
            return;
        }
    }

    private static string Describe(FileStatus status) => status.FileType switch
    {
        FileMode.Symlink => "a symbolic link that leads in a circle",
        FileMode.Regular => "a file",
        _ => "no folder",
    };
}
