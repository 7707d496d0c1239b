using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Logs;

/// <summary>A stream that goes into the container's log.</summary>
internal sealed class LogStream(SafeFileDescriptor pipe, bool isStandardError, LogFile log, LoopContext loop, Action closed)
    : OutputStream(pipe, loop, closed)
{
    private readonly CriLineFormatter formatter = new(isStandardError);

    public override void Trim() => formatter.Trim();

    protected override void Consume(int count) =>
        formatter.Append(Loop.Input.Slice(LoopContext.HeadRoom, count), Clock.Now(), Loop.Lines, log);

    protected override void Finish() => formatter.Finish(Clock.Now(), Loop.Lines, log);
}
