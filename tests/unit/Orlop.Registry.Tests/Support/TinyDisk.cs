using Orlop.Linux.Syscalls;

namespace Orlop.Registry.Tests.Support;

/// <summary>A file system in memory, mounted nowhere, that is as full as a test wants it to be. Needs root.</summary>
internal sealed class TinyDisk : IDisposable
{
    private const int Size = 4 << 20;

    private readonly SafeFileDescriptor _root;

    public TinyDisk()
    {
        using var tmpfs = Mounts.OpenFileSystem("tmpfs");
        tmpfs.Set("size", $"{Size}");
        tmpfs.Set("nr_inodes", "500");
        _root = tmpfs.Mount();
    }

    public string Path => $"/proc/self/fd/{_root.Number}";

    /// <summary>Blocks and inodes that are taken.</summary>
    public (ulong Blocks, ulong Inodes) Used
    {
        get
        {
            var status = FileSystem.FileSystemOf(_root);
            return (status.Blocks - status.FreeBlocks, status.Files - status.FreeFiles);
        }
    }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Takes all inodes but a few.</summary>
    public void LeaveInodes(int count)
    {
        Directory.CreateDirectory(Filler);
        for (ulong free = FileSystem.FileSystemOf(_root).FreeFiles; free > (ulong)count; free--)
            File.WriteAllBytes(System.IO.Path.Combine(Filler, $"{free}"), []);
    }

    /// <summary>Takes all blocks but a few.</summary>
    public void LeaveBlocks(int count)
    {
        Directory.CreateDirectory(Filler);
        var status = FileSystem.FileSystemOf(_root);
        File.WriteAllBytes(System.IO.Path.Combine(Filler, "blocks"), new byte[((long)status.FreeBlocks - count) * status.BlockSize]);
    }

    public void Free() => Directory.Delete(Filler, recursive: true);

    public void Dispose() => _root.Dispose();
}
