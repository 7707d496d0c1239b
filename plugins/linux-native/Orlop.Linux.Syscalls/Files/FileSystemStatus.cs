using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct statfs</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
public struct FileSystemStatus
{
    /// <summary>The magic number; see statfs(2).</summary>
    public long Type;

    /// <summary>The unit of the block counts, in bytes.</summary>
    public long BlockSize;

    /// <summary>All blocks.</summary>
    public ulong Blocks;

    /// <summary>Free blocks.</summary>
    public ulong FreeBlocks;

    /// <summary>Free blocks for others than root.</summary>
    public ulong AvailableBlocks;

    /// <summary>All inodes.</summary>
    public ulong Files;

    /// <summary>Free inodes.</summary>
    public ulong FreeFiles;

    /// <summary>The file system's id.</summary>
    public ulong Id;

    /// <summary>The longest name.</summary>
    public long NameLength;

    /// <summary>The fragment size.</summary>
    public long FragmentSize;

    /// <summary>ST_ flags of the mount.</summary>
    public long Flags;
}
