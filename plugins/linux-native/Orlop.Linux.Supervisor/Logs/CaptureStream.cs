using System.Buffers.Binary;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervisor.Clients;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Logs;

/// <summary>
/// A stream that goes to the client that launched the process, as it comes: nothing is kept here (R27). A client that does not read holds the process up,
/// as a full pipe would; one that has gone does not.
/// </summary>
internal sealed class CaptureStream(SafeFileDescriptor pipe, byte number, Client client, uint id, int limit, LoopContext loop, Action closed)
    : OutputStream(pipe, loop, closed)
{
    private int left = Math.Max(0, limit);

    protected override int ReadSize => OutputChunk.MaxData;

    protected override void Consume(int count)
    {
        int sent = client.Gone ? 0 : Math.Min(count, left);
        left -= sent;
        DroppedBytes += count - sent;
        if (sent == 0) return;

        const int Head = Frame.HeadSize + OutputChunk.BodyHead;
        Span<byte> frame = Loop.Input.Slice(LoopContext.HeadRoom - Head, Head + sent);
        new Frame(MessageKind.Output, id, OutputChunk.BodyHead + sent, descriptors: 0).Write(frame);
        frame[Frame.HeadSize] = number;
        BinaryPrimitives.WriteInt32LittleEndian(frame[(Frame.HeadSize + 1)..], sent);
        if (client.Send(frame)) return;
        Pause();
        client.WhenDrained(this);
    }

    protected override void Finish()
    {
    }
}
