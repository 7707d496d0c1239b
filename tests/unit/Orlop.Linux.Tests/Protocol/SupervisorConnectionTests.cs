using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Protocol;

public sealed class SupervisorConnectionTests
{
    [Fact]
    public async Task Frames_and_their_descriptors_stay_together_however_the_bytes_arrive()
    {
        (SafeFileDescriptor first, SafeFileDescriptor second) = Sockets.Pair();
        using var sender = new SupervisorConnection(first);
        using var receiver = new SupervisorConnection(second);
        (SafeFileDescriptor read, SafeFileDescriptor write) = Sockets.Pipe();
        using (read)
        using (write)
        {
            Task sending = Task.Run(() =>
            {
                for (int i = 0; i < 200; i++)
                {
                    var w = new WireWriter();
                    w.Bytes(new byte[i * 1000 % 70_000]);
                    int descriptors = i % 4;
                    sender.Send(w.Complete(MessageKind.Launch, (uint)i, descriptors), [.. Enumerable.Repeat(write, descriptors)]);
                }
            });

            for (int i = 0; i < 200; i++)
            {
                ReceivedFrame frame = receiver.Receive()!;
                frame.Id.Should().Be((uint)i);
                frame.Body.Should().HaveCount(4 + (i * 1000 % 70_000));
                frame.Descriptors.Should().HaveCount(i % 4);
                foreach (SafeFileDescriptor descriptor in frame.Descriptors)
                {
                    FileSystem.Write(descriptor, [(byte)i]);
                    descriptor.Dispose();
                    var one = new byte[1];
                    FileSystem.Read(read, one);
                    one[0].Should().Be((byte)i);
                }
            }

            await sending;
        }
    }

    [Fact]
    public void The_end_of_the_stream_is_null_between_frames_and_an_error_inside_one()
    {
        (SafeFileDescriptor first, SafeFileDescriptor second) = Sockets.Pair();
        using var receiver = new SupervisorConnection(second);
        ReadOnlyMemory<byte> frame = new KeyRequest("key").ToFrame(MessageKind.Kill, 3);
        Sockets.Send(first, frame.Span, []);
        Sockets.Send(first, frame.Span[..^1], []);
        first.Dispose();

        KeyRequest.Read(receiver.Receive()!.Body).Key.Should().Be("key");
        receiver.Invoking(r => r.Receive()).Should().Throw<ProtocolException>();

        (first, second) = Sockets.Pair();
        first.Dispose();
        using var empty = new SupervisorConnection(second);
        empty.Receive().Should().BeNull();
    }

    [Fact]
    public void A_frame_that_announces_too_much_is_refused()
    {
        (SafeFileDescriptor first, SafeFileDescriptor second) = Sockets.Pair();
        using var receiver = new SupervisorConnection(second);
        using (first) Sockets.Send(first, [0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0], []);

        receiver.Invoking(r => r.Receive()).Should().Throw<ProtocolException>();
    }
}
