using System.Runtime.InteropServices;
using System.Text;
using Orlop.Layers;
using Orlop.Layers.Tar;
using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Trees;
using FileMode = Orlop.Linux.Syscalls.FileMode;

namespace Orlop.Snapshots.Extraction;

/// <summary>Unpacks one layer's archive into a folder.</summary>
/// <param name="layer">The folder.</param>
/// <param name="whiteouts">What becomes of whiteouts.</param>
internal sealed partial class LayerExtractor(LayerRoot layer, WhiteoutMode whiteouts)
{
    private const int MaxFolderNames = 64 << 20; // bytes: what is remembered of folders stays in proportion

    // A folder's time is set at the end: every entry that is made in it changes it.
    private readonly Dictionary<string, (byte[] Path, TimeSpec Time)> _folderTimes = new(StringComparer.Ordinal);
    private readonly SpaceGuard _space = new(layer.Root);
    private long _folderNames; // bytes of the keys of _folderTimes

    /// <summary>Unpacks all entries; the stream is read to the archive's end.</summary>
    /// <exception cref="LayerFormatException">The archive is broken or tries to leave the root; the message names the entry.</exception>
    /// <exception cref="SyscallException">The file system refuses.</exception>
    public void Extract(Stream archive, CancellationToken cancellationToken)
    {
        var reader = new TarReader(archive);
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _space.TakeEntry();
                ExtractEntry(reader, entry, cancellationToken);
            }
            catch (LayerFormatException e)
            {
                throw new LayerFormatException($"entry \"{entry.DisplayName}\": {e.Message}", e);
            }
            catch (SyscallException e) when (e.Errno is Errno.ELOOP or Errno.ENAMETOOLONG or Errno.EFBIG)
            {
                throw new LayerFormatException($"entry \"{entry.DisplayName}\": {(e.Errno == Errno.ELOOP ? "its links lead in a circle" : e.Message)}", e);
            }
            catch (SyscallException e)
            {
                throw new SyscallException(e.Call, e.Errno, $"{e.Detail} for entry \"{entry.DisplayName}\"");
            }
        }

        SetFolderTimes();
    }

    private void ExtractEntry(TarReader reader, TarEntry entry, CancellationToken cancellationToken)
    {
        byte[] path = EntryPath.Clean(entry.Name);
        if (path.Length == 0)
        {
            if (entry.Type != TarEntryType.Directory)
                throw new LayerFormatException("the root of an image must be a folder");
            using var root = FileSystem.Open(layer.Root, "."u8, OpenFlags.Directory);
            ClearXattrs(root);
            SetFolderAttributes(root, entry, path);
            return;
        }

        EntryPath.Split(path, out var folderPath, out var name);
        if (TryWhiteout(folderPath, name))
            return;

        var folder = layer.OpenFolder(folderPath);
        MarkWritten(path);
        switch (entry.Type)
        {
            case TarEntryType.Directory:
                MakeFolder(folder, name, entry, path);
                break;
            case TarEntryType.File:
                MakeFile(folder, name, reader, entry, path, cancellationToken);
                break;
            case TarEntryType.HardLink:
                MakeHardLink(folderPath, name, entry, path);
                break;
            case TarEntryType.SymbolicLink:
                MakeSymbolicLink(folder, name, entry, path);
                break;
            default:
                MakeNode(folder, name, entry, path);
                break;
        }
    }

    private void MakeFolder(SafeFileDescriptor folder, ReadOnlySpan<byte> name, TarEntry entry, byte[] path)
    {
        bool hidesBelow = false;
        if (FileSystem.TryStatus(folder, name, out var present))
        {
            hidesBelow = Whiteout.Is(present) && whiteouts == WhiteoutMode.Overlay;
            if (!present.IsDirectory)
                RemovePresent(folder, name);
        }

        if (!present.IsDirectory)
            FileSystem.MakeDirectory(folder, name, 0x1c0); // 0700 until the owner is right
        using var made = FileSystem.Open(folder, name, OpenFlags.Directory | OpenFlags.NoFollow);
        if (present.IsDirectory)
            ClearXattrs(made);
        if (hidesBelow)
            Whiteout.MakeOpaque(made);
        SetFolderAttributes(made, entry, path);
    }

    private void MakeFile(
        SafeFileDescriptor folder, ReadOnlySpan<byte> name, TarReader reader, TarEntry entry, byte[] path, CancellationToken cancellationToken)
    {
        const OpenFlags create = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        var created = FileSystem.TryOpen(folder, name, create, 0x180); // 0600 until the owner is right
        if (created is null)
        {
            ThrowUnlessPresent("openat", path);
            RemovePresent(folder, name);
            created = FileSystem.Open(folder, name, create, 0x180);
        }

        using var file = created;
        long end = 0;
        while (reader.TryReadChunk(out long offset, out var bytes))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _space.Take(bytes.Length);
            FileSystem.Write(file, bytes, offset);
            end = offset + bytes.Length;
        }

        if (end < entry.Size)
            FileSystem.SetLength(file, entry.Size);

        // chown(2) clears set-user-id bits, and chown(2) and write(2) clear security.capability: this order matters.
        FileSystem.ChangeOwner(file, entry.Uid, entry.Gid);
        FileSystem.ChangeMode(file, entry.Mode);
        SetXattrs(file, entry);
        FileSystem.SetTimes(file, TimeOf(entry), TimeOf(entry));
    }

    private void MakeHardLink(ReadOnlySpan<byte> folderPath, ReadOnlySpan<byte> name, TarEntry entry, byte[] path)
    {
        byte[] target = EntryPath.Clean(entry.LinkName);
        EntryPath.Split(target, out var targetFolderPath, out var targetName);
        using var targetFolder = target.Length == 0 ? null : layer.TryOpenFolder(targetFolderPath);
        if (targetFolder is null || !FileSystem.TryStatus(targetFolder, targetName, out var status) || Whiteout.Is(status))
            throw new LayerFormatException($"it is a hard link to \"{Encoding.UTF8.GetString(target)}\", which is not in the layer");
        if (status.IsDirectory)
            throw new LayerFormatException($"it is a hard link to the folder \"{Encoding.UTF8.GetString(target)}\"");

        var folder = layer.OpenFolder(folderPath);
        if (FileSystem.TryStatus(folder, name, out var present))
        {
            if (present.Inode == status.Inode)
                return; // already the same file: link(2) to itself
            RemovePresent(folder, name);
            folder = layer.OpenFolder(folderPath);
        }

        try
        {
            FileSystem.MakeLink(targetFolder, targetName, folder, name);
        }
        catch (SyscallException e) when (e.Errno == Errno.ENOENT)
        {
            throw new LayerFormatException($"it replaces \"{Encoding.UTF8.GetString(path)}\", which holds its own target", e);
        }
    }

    private void MakeSymbolicLink(SafeFileDescriptor folder, ReadOnlySpan<byte> name, TarEntry entry, byte[] path)
    {
        if (entry.LinkName.Length == 0)
            throw new LayerFormatException("it is a symbolic link without a target");
        if (FileSystem.TryStatus(folder, name, out _))
            RemovePresent(folder, name);
        FileSystem.MakeSymlink(entry.LinkName, folder, name);
        SetAttributesByName(folder, name, entry, mode: null);
    }

    private void MakeNode(SafeFileDescriptor folder, ReadOnlySpan<byte> name, TarEntry entry, byte[] path)
    {
        if (FileSystem.TryStatus(folder, name, out _))
            RemovePresent(folder, name);
        int type = entry.Type switch
        {
            TarEntryType.CharacterDevice => FileMode.CharacterDevice,
            TarEntryType.BlockDevice => FileMode.BlockDevice,
            _ => FileMode.Fifo,
        };
        FileSystem.MakeNode(folder, name, (uint)type | 0x180, FileMode.Device(entry.DeviceMajor, entry.DeviceMinor));
        SetAttributesByName(folder, name, entry, entry.Mode);
    }

    private void SetFolderAttributes(SafeFileDescriptor folder, TarEntry entry, byte[] path)
    {
        FileSystem.ChangeOwner(folder, entry.Uid, entry.Gid);
        FileSystem.ChangeMode(folder, entry.Mode);
        SetXattrs(folder, entry);
        _folderNames += path.Length;
        if (_folderNames > MaxFolderNames)
            throw new LayerFormatException($"the names of the layer's folders take more than {MaxFolderNames} bytes");
        _folderTimes[Encoding.Latin1.GetString(path)] = (path, TimeOf(entry));
    }

    private static void SetAttributesByName(SafeFileDescriptor folder, ReadOnlySpan<byte> name, TarEntry entry, uint? mode)
    {
        FileSystem.ChangeOwner(folder, name, entry.Uid, entry.Gid);
        if (mode is { } bits)
            FileSystem.ChangeMode(folder, name, bits); // no link: it was made as a node just now
        if (entry.Xattrs.Count > 0)
            SetXattrs(folder, name.ToArray(), entry);
        FileSystem.SetTimes(folder, name, TimeOf(entry), TimeOf(entry));
    }

    private static void SetXattrs(SafeFileDescriptor file, TarEntry entry)
    {
        foreach (var (name, value) in entry.Xattrs)
        {
            if (!FileAttributesCopy.IsOverlayMark(name))
                IgnoreUnsupported(() => ExtendedAttributes.Set(file, name, value));
        }
    }

    private static void SetXattrs(SafeFileDescriptor folder, byte[] name, TarEntry entry)
    {
        foreach (var (attribute, value) in entry.Xattrs)
        {
            // Only files and folders have user attributes, xattr(7).
            if (!FileAttributesCopy.IsOverlayMark(attribute) && !attribute.AsSpan().StartsWith("user."u8))
                IgnoreUnsupported(() => ExtendedAttributes.Set(PathBytes.Inside(folder, name), attribute, value));
        }
    }

    // A file system without such attributes (labels of a security module that is off, ACLs) is no error for other runtimes either.
    private static void IgnoreUnsupported(Action set)
    {
        try
        {
            set();
        }
        catch (SyscallException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
        }
    }

    // What the folder got from a layer below, or from an earlier entry of the same name.
    private static void ClearXattrs(SafeFileDescriptor folder)
    {
        foreach (byte[] name in ExtendedAttributes.List(folder))
        {
            if (!FileAttributesCopy.IsOverlayMark(name))
                IgnoreUnsupported(() => ExtendedAttributes.Remove(folder, name));
        }
    }

    private void RemovePresent(SafeFileDescriptor folder, ReadOnlySpan<byte> name)
    {
        TreeRemover.Remove(folder, name);

        // The remembered folder may have been inside; when it is the one in use, it cannot have been.
        if (ReferenceEquals(folder, layer.Root))
            layer.Forget();
    }

    private static void ThrowUnlessPresent(string call, byte[] path)
    {
        int errno = Marshal.GetLastPInvokeError();
        if (errno != Errno.EEXIST)
            throw new SyscallException(call, errno, $"\"{Encoding.UTF8.GetString(path)}\"");
    }

    private void SetFolderTimes()
    {
        foreach (var (path, time) in _folderTimes.Values)
        {
            // Gone or replaced by a later entry: then the time is of no interest.
            using var folder = FileSystem.TryOpen(
                layer.Root, path.Length == 0 ? "."u8 : path, OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
            if (folder is not null)
                FileSystem.SetTimes(folder, time, time);
        }
    }

    private static TimeSpec TimeOf(TarEntry entry) => new(entry.ModifiedSeconds, entry.ModifiedNanoseconds);
}
