using Orlop.Linux.Protocol;
using Orlop.Linux.Supervisor.Logs;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Clients;

/// <summary>
/// A connection. Sending never waits: what the socket does not take is kept up to <see cref="MaxBacklog"/>, and a client that lets it grow beyond is
/// dropped; it can come back and ask for a description (R26).
/// </summary>
internal sealed class Client : IEventSource, IDisposable
{
    private const int MaxBacklog = 1 << 20, IdleBuffer = 1024, ReadSize = 16 * 1024;

    private readonly SafeFileDescriptor socket;
    private readonly LoopContext loop;
    private readonly IRequestHandler handler;
    private readonly Queue<SafeFileDescriptor> descriptors = new(); // arrived, but their frame is not complete
    private readonly List<OutputStream> paused = [];
    private byte[] received = new byte[IdleBuffer];
    private int receivedLength;
    private byte[] backlog = [];
    private int backlogStart;
    private int backlogEnd;

    /// <summary>Takes over the socket.</summary>
    public Client(SafeFileDescriptor socket, LoopContext loop, IRequestHandler handler)
    {
        this.socket = socket;
        this.loop = loop;
        this.handler = handler;
        loop.Poller.Watch(socket, this);
    }

    /// <summary>Whether it gets exits as events.</summary>
    public bool Subscribed { get; set; }

    /// <summary>Whether nobody is there any more.</summary>
    public bool Gone { get; private set; }

    public void OnReady(uint events)
    {
        if ((events & EpollEvent.Out) != 0) SendBacklog();
        if (!Gone && (events & ~EpollEvent.Out) != 0) Receive();
    }

    /// <summary>Sends a frame.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="attached">A descriptor to go with it.</param>
    /// <returns>False when part of it waits for the client to read; nothing should be sent then that can wait.</returns>
    public bool Send(ReadOnlySpan<byte> frame, SafeFileDescriptor? attached = null)
    {
        if (Gone) return true;
        if (backlogStart == backlogEnd)
        {
            int number = attached?.Number ?? -1;
            int sent = Sockets.Send(socket, frame, attached is null ? default : new ReadOnlySpan<int>(in number), wait: false);
            if (sent == frame.Length) return true;
            if (sent < 0 && (sent != -Errno.EAGAIN || attached is not null))
            {
                Drop(); // a descriptor goes with the first byte or not at all: there is no later for it
                return true;
            }

            frame = frame[Math.Max(0, sent)..];
        }
        else if (attached is not null)
        {
            Drop();
            return true;
        }

        Keep(frame);
        return Gone;
    }

    /// <summary>Lets a stream go on once the client has read what waits for it.</summary>
    public void WhenDrained(OutputStream stream)
    {
        if (Gone) stream.Watch();
        else paused.Add(stream);
    }

    /// <summary>Ends the connection.</summary>
    public void Drop()
    {
        if (Gone) return;
        Gone = true;
        loop.Poller.Forget(socket);
        Dispose();
        ResumePaused();
        handler.ClientGone(this);
    }

    public void Dispose()
    {
        socket.Dispose();
        while (descriptors.TryDequeue(out SafeFileDescriptor? stray)) stray.Dispose();
    }

    private void Receive()
    {
        if (received.Length - receivedLength < ReadSize / 2) Array.Resize(ref received, receivedLength + ReadSize);
        Span<int> numbers = stackalloc int[Sockets.MaxDescriptors];
        int count = Sockets.Receive(socket, received.AsSpan(receivedLength), numbers, out int descriptorCount, wait: false);
        for (int i = 0; i < descriptorCount; i++) descriptors.Enqueue(new SafeFileDescriptor(numbers[i]));
        if (count == -Errno.EAGAIN) return;
        if (count <= 0)
        {
            Drop();
            return;
        }

        receivedLength += count;
        try
        {
            int used = HandleFrames();
            receivedLength -= used;
            received.AsSpan(used, receivedLength).CopyTo(received);
            if (receivedLength == 0 && received.Length > IdleBuffer) received = new byte[IdleBuffer];
            if (descriptors.Count > 2 * Frame.MaxDescriptors) throw new ProtocolException("descriptors without frames");
        }
        catch (ProtocolException e)
        {
            loop.Faults.Add(e); // the stream's boundaries are lost: nothing can be answered
            Drop();
        }
    }

    private int HandleFrames()
    {
        int used = 0;
        while (!Gone && receivedLength - used >= Frame.HeadSize)
        {
            Frame frame = Frame.Read(received.AsSpan(used));
            if (receivedLength - used < frame.Length)
            {
                if (received.Length - used < frame.Length) Array.Resize(ref received, used + frame.Length);
                break;
            }

            if (descriptors.Count < frame.Descriptors) throw new ProtocolException($"{frame.Descriptors} descriptors announced, {descriptors.Count} came");
            var attached = new SafeFileDescriptor[frame.Descriptors];
            for (int i = 0; i < attached.Length; i++) attached[i] = descriptors.Dequeue();
            handler.Handle(this, frame, received.AsSpan(used + Frame.HeadSize, frame.BodyLength), attached);
            used += frame.Length;
        }

        return used;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (backlogStart == backlogEnd) loop.Poller.Change(socket, EpollEvent.In | EpollEvent.Out);
        if (backlogEnd + bytes.Length > backlog.Length)
        {
            int kept = backlogEnd - backlogStart;
            if (kept + bytes.Length > MaxBacklog)
            {
                loop.Faults.Add("dropped a client that does not read");
                Drop();
                return;
            }

            byte[] target = kept + bytes.Length > backlog.Length ? new byte[Math.Max(kept + bytes.Length, 4096)] : backlog;
            backlog.AsSpan(backlogStart, kept).CopyTo(target);
            (backlog, backlogStart, backlogEnd) = (target, 0, kept);
        }

        bytes.CopyTo(backlog.AsSpan(backlogEnd));
        backlogEnd += bytes.Length;
    }

    private void SendBacklog()
    {
        int sent = Sockets.Send(socket, backlog.AsSpan(backlogStart, backlogEnd - backlogStart), default, wait: false);
        if (sent == -Errno.EAGAIN) return;
        if (sent < 0)
        {
            Drop();
            return;
        }

        backlogStart += sent;
        if (backlogStart < backlogEnd) return;
        (backlog, backlogStart, backlogEnd) = ([], 0, 0);
        loop.Poller.Change(socket, EpollEvent.In);
        ResumePaused();
    }

    private void ResumePaused()
    {
        foreach (OutputStream stream in paused) stream.Watch();
        paused.Clear();
    }
}
