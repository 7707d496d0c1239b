using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>Reads an open folder with getdents64(2), without <c>.</c> and <c>..</c>; names are bytes.</summary>
/// <remarks>The names that <see cref="Current"/> gives live until the next <see cref="MoveNext"/>. One pass from the descriptor's position.</remarks>
public unsafe ref struct DirectoryReader
{
    private readonly SafeFileDescriptor directory;
    private readonly Span<byte> buffer;
    private int position;
    private int length;

    /// <param name="directory">A folder opened for reading (not with <c>O_PATH</c>).</param>
    /// <param name="buffer">Where the kernel writes entries: at least 280 bytes (one entry of the longest name).</param>
    public DirectoryReader(SafeFileDescriptor directory, Span<byte> buffer)
    {
        this.directory = directory;
        this.buffer = buffer;
    }

    /// <summary>The entry that <see cref="MoveNext"/> found.</summary>
    public DirectoryEntry Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly DirectoryReader GetEnumerator() => this;

    /// <summary>Goes to the next entry.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        // struct linux_dirent64: u64 ino, s64 off, u16 reclen, u8 type, char name[]
        const int TypeOffset = 18, NameOffset = 19;
        while (true)
        {
            if (position == length && !Fill()) return false;
            Span<byte> entry = buffer[position..length];
            int size = MemoryMarshal.Read<ushort>(entry[16..]);
            position += size;
            Span<byte> name = entry[NameOffset..size];
            name = name[..name.IndexOf((byte)0)];
            if (name is [(byte)'.'] or [(byte)'.', (byte)'.']) continue;
            Current = new DirectoryEntry(name, entry[TypeOffset], MemoryMarshal.Read<ulong>(entry));
            return true;
        }
    }

    private bool Fill()
    {
        fixed (byte* p = buffer)
        {
            long read = Libc.GetDents64(SyscallNumber.GetDents64, directory, p, buffer.Length);
            if (read < 0) throw SyscallException.Last("getdents64", "");
            position = 0;
            length = (int)read;
            return read > 0;
        }
    }
}
