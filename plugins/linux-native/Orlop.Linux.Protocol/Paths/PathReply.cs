using System.Runtime.InteropServices;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Protocol;

/// <summary>What the path helper found.</summary>
/// <param name="Errno">Why it failed, as errno(3); 0 when it did not.</param>
/// <param name="Status">Of the path, where it was asked for.</param>
/// <param name="Names">In a folder, where they were asked for.</param>
internal readonly record struct PathReply(int Errno, FileStatus Status, IReadOnlyList<string> Names)
{
    /// <summary>A failure.</summary>
    public static PathReply Failed(int errno) => new(errno, default, []);

    /// <summary>Builds the frame.</summary>
    public ReadOnlyMemory<byte> ToFrame(int descriptors)
    {
        var w = new WireWriter();
        w.Int32(Errno);
        FileStatus status = Status;
        w.Bytes(MemoryMarshal.AsBytes(new ReadOnlySpan<FileStatus>(in status)));
        w.Int32(Names.Count);
        foreach (string name in Names) w.Text(name);
        return w.Complete(MessageKind.PathAnswer, id: 1, descriptors);
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="ProtocolException">It is no reply.</exception>
    public static PathReply Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        int errno = r.Int32();
        if (!MemoryMarshal.TryRead(r.Bytes(), out FileStatus status)) throw new ProtocolException("a reply without a status");
        int count = r.Int32();
        var names = new List<string>();
        for (int i = 0; i < count && !r.AtEnd; i++) names.Add(r.Text());
        return new PathReply(errno, status, names);
    }
}
