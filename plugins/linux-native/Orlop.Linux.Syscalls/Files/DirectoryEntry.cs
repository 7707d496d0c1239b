namespace Orlop.Linux.Syscalls;

/// <summary>One entry of a folder.</summary>
public readonly ref struct DirectoryEntry
{
    internal DirectoryEntry(ReadOnlySpan<byte> name, byte type, ulong inode)
    {
        Name = name;
        FileType = type << 12;
        Inode = inode;
    }

    /// <summary>Its name, in bytes of no particular encoding.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Its type as in <see cref="FileMode"/>; 0 when the file system does not tell here (then statx(2) does).</summary>
    public int FileType { get; }

    /// <summary>Its inode number.</summary>
    public ulong Inode { get; }
}
