using System.Text;

namespace Orlop.Linux.Syscalls;

/// <summary>
/// A path as the kernel sees it: bytes up to the first NUL, in no particular encoding. Made from text, from bytes (copied), or from
/// bytes that end in NUL already (<see cref="Terminated"/>, not copied).
/// </summary>
public readonly ref struct PathBytes
{
    private readonly ReadOnlySpan<byte> bytes; // ends in NUL

    private PathBytes(ReadOnlySpan<byte> terminated) => bytes = terminated;

    /// <summary>The bytes without the NUL at the end.</summary>
    public ReadOnlySpan<byte> Name => bytes.IsEmpty ? bytes : bytes[..^1];

    /// <summary>Wraps bytes whose last one is NUL, without a copy.</summary>
    /// <exception cref="ArgumentException">The last byte is not the only NUL.</exception>
    public static PathBytes Terminated(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf((byte)0) == bytes.Length - 1 && !bytes.IsEmpty
            ? new PathBytes(bytes)
            : throw new ArgumentException("a path must end in NUL and hold no other", nameof(bytes));

    /// <summary>The name of something inside an open directory, for calls that take no directory descriptor: <c>/proc/self/fd/N/name</c>.</summary>
    public static PathBytes Inside(SafeFileDescriptor directory, ReadOnlySpan<byte> name)
    {
        byte[] folder = Encoding.ASCII.GetBytes($"/proc/self/fd/{directory.Number}/");
        var path = new byte[folder.Length + name.Length + 1];
        folder.CopyTo(path, 0);
        name.CopyTo(path.AsSpan(folder.Length));
        return Terminated(path);
    }

    /// <summary>An open file itself, for calls that refuse an <c>O_PATH</c> descriptor: <c>/proc/self/fd/N</c>.</summary>
    public static PathBytes Of(SafeFileDescriptor file) => FromString($"/proc/self/fd/{file.Number}");

    /// <summary>Copies bytes and ends them in NUL.</summary>
    /// <exception cref="ArgumentException">There is a NUL in it.</exception>
    public static PathBytes FromBytes(ReadOnlySpan<byte> path)
    {
        var copy = new byte[path.Length + 1];
        path.CopyTo(copy);
        return Terminated(copy);
    }

    /// <summary>Encodes text as UTF-8.</summary>
    /// <exception cref="ArgumentException">There is a NUL in it.</exception>
    public static PathBytes FromString(string path)
    {
        var copy = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, copy);
        return Terminated(copy);
    }

    /// <summary>See <see cref="FromString"/>.</summary>
    public static implicit operator PathBytes(string path) => FromString(path);

    /// <summary>See <see cref="FromBytes"/>.</summary>
    public static implicit operator PathBytes(ReadOnlySpan<byte> path) => FromBytes(path);

    /// <summary>See <see cref="FromBytes"/>.</summary>
    public static implicit operator PathBytes(byte[] path) => FromBytes(path);

    /// <summary>For <c>fixed</c>.</summary>
    public ref readonly byte GetPinnableReference() => ref bytes.GetPinnableReference();

    /// <summary>For messages: UTF-8 where it is valid.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Name);
}
