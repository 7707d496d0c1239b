using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Protocol;

/// <summary>A client's end of the socket. Calls block; one thread may send while another receives.</summary>
internal sealed class SupervisorConnection : IDisposable
{
    private readonly SafeFileDescriptor socket;
    private readonly Queue<SafeFileDescriptor> received = new(); // arrived, but their frame is not complete
    private byte[] buffer = new byte[4096];
    private int start;
    private int end;

    /// <summary>Takes over a connected socket.</summary>
    public SupervisorConnection(SafeFileDescriptor socket) => this.socket = socket;

    /// <exception cref="SyscallException">Nobody listens.</exception>
    public static SupervisorConnection Connect(string path) => new(Sockets.Connect(path));

    /// <summary>Sends a frame and its descriptors, which stay the caller's.</summary>
    /// <exception cref="SyscallException">EPIPE: the supervisor has gone.</exception>
    public void Send(ReadOnlyMemory<byte> frame, params IReadOnlyList<SafeFileDescriptor> descriptors)
    {
        ReadOnlySpan<byte> rest = frame.Span;
        Span<int> numbers = stackalloc int[descriptors.Count];
        int held = 0;
        try
        {
            for (; held < numbers.Length; held++)
            {
                bool added = false;
                descriptors[held].DangerousAddRef(ref added);
                numbers[held] = descriptors[held].Number;
            }

            for (ReadOnlySpan<int> attached = numbers; !rest.IsEmpty; attached = default)
            {
                int sent = Sockets.Send(socket, rest, attached);
                if (sent < 0) throw new SyscallException("sendmsg", -sent, "to the supervisor");
                rest = rest[sent..];
            }
        }
        finally
        {
            for (int i = 0; i < held; i++) descriptors[i].DangerousRelease();
        }
    }

    /// <summary>The next frame; null at the end of the stream.</summary>
    /// <exception cref="ProtocolException">The bytes are no frame, or the stream ends inside one.</exception>
    /// <exception cref="SyscallException">The connection broke.</exception>
    public ReceivedFrame? Receive()
    {
        if (!Fill(Frame.HeadSize)) return null;
        Frame frame = Frame.Read(buffer.AsSpan(start));
        if (!Fill(frame.Length) || received.Count < frame.Descriptors) throw new ProtocolException("the stream ended inside a frame");
        var descriptors = new SafeFileDescriptor[frame.Descriptors];
        for (int i = 0; i < descriptors.Length; i++) descriptors[i] = received.Dequeue();
        byte[] body = buffer.AsSpan(start + Frame.HeadSize, frame.BodyLength).ToArray();
        start += frame.Length;
        return new ReceivedFrame(frame.Kind, frame.Id, body, descriptors);
    }

    /// <summary>Ends both directions: a blocked <see cref="Receive"/> returns.</summary>
    public void Shutdown() => Sockets.Shutdown(socket);

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        while (received.TryDequeue(out SafeFileDescriptor? stray)) stray.Dispose();
    }

    private bool Fill(int count)
    {
        if (buffer.Length < count || start + count > buffer.Length)
        {
            byte[] target = buffer.Length < count ? new byte[count] : buffer;
            buffer.AsSpan(start, end - start).CopyTo(target);
            (buffer, end, start) = (target, end - start, 0);
        }

        Span<int> numbers = stackalloc int[Sockets.MaxDescriptors];
        while (end - start < count)
        {
            int got = Sockets.Receive(socket, buffer.AsSpan(end), numbers, out int descriptors);
            for (int i = 0; i < descriptors; i++) received.Enqueue(new SafeFileDescriptor(numbers[i]));
            if (got < 0) throw new SyscallException("recvmsg", -got, "from the supervisor");
            if (got == 0) return end == start ? false : throw new ProtocolException("the stream ended inside a frame");
            end += got;
        }

        return true;
    }
}
