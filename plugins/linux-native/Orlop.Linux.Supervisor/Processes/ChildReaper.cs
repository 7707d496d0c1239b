using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>Waits for a child that never became a process of the pod. Its end may take long (namespaces to tear down), so it is not waited for in place.</summary>
internal sealed class ChildReaper : IEventSource
{
    private readonly PidFd pidFd;
    private readonly int pid;
    private readonly LoopContext loop;

    /// <summary>Takes over the pidfd.</summary>
    public ChildReaper(PidFd pidFd, int pid, LoopContext loop)
    {
        this.pidFd = pidFd;
        this.pid = pid;
        this.loop = loop;
        loop.Poller.Watch(pidFd, this);
    }

    public void OnReady(uint events)
    {
        if (Syscalls.Processes.Wait(pid, wait: false, out _) == 0) return;
        loop.Poller.Forget(pidFd);
        pidFd.Dispose();
    }
}
