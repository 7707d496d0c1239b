using System.Diagnostics.CodeAnalysis;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervision;

/// <summary>Puts frames together from the bytes and descriptors that a stream socket delivers in pieces.</summary>
internal sealed class FrameBuffer
{
    private readonly Queue<SafeFileDescriptor> _descriptors = new(); // arrived, but their frame is not complete
    private byte[] _bytes = new byte[8192];
    private int _start;
    private int _end;

    /// <summary>Takes what the socket has, without waiting.</summary>
    /// <returns>The bytes, 0 at the end of the stream, or a negative errno(3).</returns>
    public int Fill(SafeFileDescriptor socket)
    {
        MakeRoom();
        Span<int> numbers = stackalloc int[Sockets.MaxDescriptors];
        int got = Sockets.Receive(socket, _bytes.AsSpan(_end), numbers, out int count, wait: false);
        foreach (int number in numbers[..count]) _descriptors.Enqueue(new SafeFileDescriptor(number));
        if (got > 0) _end += got;
        return got;
    }

    /// <exception cref="ProtocolException">The bytes are no frame.</exception>
    public bool TryTake([NotNullWhen(true)] out ReceivedFrame? frame)
    {
        frame = null;
        if (_end - _start < Frame.HeadSize) return false;
        Frame head = Frame.Read(_bytes.AsSpan(_start));
        if (_end - _start < head.Length) return false;
        if (_descriptors.Count < head.Descriptors) throw new ProtocolException("a frame came without its descriptors");
        var descriptors = new SafeFileDescriptor[head.Descriptors];
        for (int i = 0; i < descriptors.Length; i++) descriptors[i] = _descriptors.Dequeue();
        frame = new ReceivedFrame(head.Kind, head.Id, _bytes.AsSpan(_start + Frame.HeadSize, head.BodyLength).ToArray(), descriptors);
        _start += head.Length;
        return true;
    }

    private void MakeRoom()
    {
        int needed = _end - _start >= Frame.HeadSize ? Frame.Read(_bytes.AsSpan(_start)).Length : Frame.HeadSize;
        if (_bytes.Length - _start >= needed && _end < _bytes.Length) return;
        byte[] target = _bytes.Length < needed ? new byte[needed] : _bytes;
        _bytes.AsSpan(_start, _end - _start).CopyTo(target);
        (_bytes, _end, _start) = (target, _end - _start, 0);
    }
}
