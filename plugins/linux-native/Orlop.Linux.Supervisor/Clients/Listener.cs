using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Clients;

/// <summary>Accepts connections.</summary>
internal sealed class Listener : IEventSource, IDisposable
{
    private const int RetryMilliseconds = 1000;

    private readonly SafeFileDescriptor socket;
    private readonly LoopContext loop;
    private readonly Action<SafeFileDescriptor> accepted;

    /// <summary>Takes over the socket.</summary>
    public Listener(SafeFileDescriptor socket, LoopContext loop, Action<SafeFileDescriptor> accepted)
    {
        this.socket = socket;
        this.loop = loop;
        this.accepted = accepted;
        loop.Poller.Watch(socket, this);
    }

    /// <summary>When <see cref="Retry"/> is due, in <see cref="Clock.Ticks"/>; <see cref="long.MaxValue"/> for never.</summary>
    public long RetryAt { get; private set; } = long.MaxValue;

    public void OnReady(uint events)
    {
        try
        {
            if (Sockets.Accept(socket) is { } connection) accepted(connection);
        }
        catch (SyscallException e) when (e.Errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM)
        {
            // The connection stays in the queue and the socket readable: without a pause the loop would spin.
            loop.Faults.Add(e);
            loop.Poller.Forget(socket);
            RetryAt = Clock.Ticks + RetryMilliseconds;
        }
    }

    /// <summary>Tries again after a shortage.</summary>
    public void Retry()
    {
        RetryAt = long.MaxValue;
        loop.Poller.Watch(socket, this);
    }

    public void Dispose() => socket.Dispose();
}
