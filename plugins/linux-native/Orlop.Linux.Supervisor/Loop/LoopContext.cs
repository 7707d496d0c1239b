using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Loop;

/// <summary>What everything in the loop shares. The loop is single-threaded: nothing here is locked.</summary>
internal sealed class LoopContext : IDisposable
{
    /// <summary>Room before the input for the head of an output frame, so that captured output is sent without a copy.</summary>
    public const int HeadRoom = 32;

    private const int InputSize = 64 * 1024, LinesSize = 64 * 1024;

    private readonly IoBuffer input = new(HeadRoom + InputSize);
    private readonly IoBuffer lines = new(LinesSize);

    /// <param name="nullDevice">/dev/null, open for both; taken over.</param>
    public LoopContext(SafeFileDescriptor nullDevice) => NullDevice = nullDevice;

    public Poller Poller { get; } = new();

    public FaultLog Faults { get; } = new();

    /// <summary>Rung by a launch that is through.</summary>
    public Doorbell Launches { get; } = new();

    /// <summary>/dev/null, from before the node's file system went out of reach.</summary>
    public SafeFileDescriptor NullDevice { get; }

    /// <summary>For reading, with <see cref="HeadRoom"/> bytes in front.</summary>
    public Span<byte> Input => input.Span;

    /// <summary>For formatting.</summary>
    public Span<byte> Lines => lines.Span;

    /// <summary>Gives the buffers' pages back to the kernel.</summary>
    public void ReleaseBuffers()
    {
        input.Release();
        lines.Release();
    }

    public void Dispose()
    {
        input.Dispose();
        lines.Dispose();
        Launches.Dispose();
        Poller.Dispose();
        NullDevice.Dispose();
    }
}
