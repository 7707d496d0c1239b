using System.Buffers.Binary;

namespace Orlop.Linux.Protocol;

/// <summary>
/// The head of every message between a client and a supervisor, on a unix stream socket: length of the body (u32), <see cref="MessageKind"/>
/// (u16), number of descriptors (u16), id (u32), all little-endian; then the body.
/// </summary>
/// <remarks>
/// Descriptors travel as SCM_RIGHTS with the frame's first byte; the kernel may deliver them with bytes of an earlier frame, so a receiver
/// queues them and takes <see cref="Descriptors"/> of them when a frame is complete. A reply carries the id of its request; an event
/// carries 0. Bodies only ever grow at their end, and a reader takes the default for what a shorter body lacks: a supervisor outlives
/// the daemon that made it, in both directions of an upgrade.
/// </remarks>
internal readonly struct Frame(MessageKind kind, uint id, int bodyLength, int descriptors)
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadSize = 12;

    /// <summary>The longest body.</summary>
    public const int MaxBody = 4 << 20;

    /// <summary>The most descriptors of one frame: fewer than SCM_MAX_FD, and so many that a program has slots left for its own.</summary>
    public const int MaxDescriptors = 220;

    /// <summary>What the body holds; may be a kind that this side does not know.</summary>
    public MessageKind Kind { get; } = kind;

    /// <summary>The request's id.</summary>
    public uint Id { get; } = id;

    /// <summary>Bytes of the body.</summary>
    public int BodyLength { get; } = bodyLength;

    /// <summary>Descriptors that belong to it.</summary>
    public int Descriptors { get; } = descriptors;

    /// <summary>Bytes of head and body.</summary>
    public int Length => HeadSize + BodyLength;

    /// <exception cref="ProtocolException">The numbers are out of bounds: the stream is lost.</exception>
    public static Frame Read(ReadOnlySpan<byte> head)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head);
        ushort descriptors = BinaryPrimitives.ReadUInt16LittleEndian(head[6..]);
        if (length > MaxBody) throw new ProtocolException($"a frame of {length} bytes; the limit is {MaxBody}");
        if (descriptors > MaxDescriptors) throw new ProtocolException($"a frame with {descriptors} descriptors; the limit is {MaxDescriptors}");
        return new Frame((MessageKind)BinaryPrimitives.ReadUInt16LittleEndian(head[4..]), BinaryPrimitives.ReadUInt32LittleEndian(head[8..]), (int)length, descriptors);
    }

    /// <summary>Writes the head.</summary>
    public void Write(Span<byte> head)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)BodyLength);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], (ushort)Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], (ushort)Descriptors);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Id);
    }
}
