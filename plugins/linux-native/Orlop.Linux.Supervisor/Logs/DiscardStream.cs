using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Logs;

/// <summary>A stream that nobody wants, read so that its writer goes on.</summary>
internal sealed class DiscardStream(SafeFileDescriptor source, LoopContext loop, Action closed) : OutputStream(source, loop, closed)
{
    protected override void Consume(int count) => DroppedBytes += count;

    protected override void Finish()
    {
    }
}
