using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Loop;

/// <summary>epoll(7), level-triggered. Waiting and dispatching allocate nothing.</summary>
internal sealed unsafe class Poller : IDisposable
{
    private const int Add = 1, Delete = 2, Modify = 3;
    private const int BatchSize = 16;

    private readonly SafeFileDescriptor epoll;
    private Entry[] entries = new Entry[32]; // by descriptor number

    public Poller()
    {
        int fd = Libc.EpollCreate1((int)OpenFlags.CloseOnExec);
        epoll = fd >= 0 ? new SafeFileDescriptor(fd) : throw SyscallException.Last("epoll_create1", "");
    }

    /// <summary>Starts to wait for a descriptor.</summary>
    public void Watch(SafeFileDescriptor file, IEventSource source, uint events = EpollEvent.In)
    {
        int number = file.Number;
        if (number >= entries.Length) Array.Resize(ref entries, Math.Max(number + 1, entries.Length * 2));
        ref Entry entry = ref entries[number];
        entry.Generation++;
        Control(Add, file, events, entry.Generation);
        entry.Source = source;
    }

    /// <summary>Changes what a descriptor is waited for; 0 for nothing but its end.</summary>
    public void Change(SafeFileDescriptor file, uint events) => Control(Modify, file, events, entries[file.Number].Generation);

    /// <summary>Stops waiting for a descriptor. Must be called before it is closed: a program that was started may hold a copy of it.</summary>
    public void Forget(SafeFileDescriptor file)
    {
        Control(Delete, file, 0, 0);
        entries[file.Number].Source = null;
    }

    /// <summary>Waits and dispatches one batch.</summary>
    /// <returns>False when nothing happened in time.</returns>
    public bool Wait(int timeoutMilliseconds, FaultLog faults)
    {
        EpollEvent* events = stackalloc EpollEvent[BatchSize];
        int count = Libc.EpollWait(epoll, events, BatchSize, timeoutMilliseconds);
        for (int i = 0; i < count; i++)
        {
            // A source that an earlier event of the batch removed is gone or has another generation by now.
            ref Entry entry = ref entries[(int)(uint)events[i].Data];
            if (entry.Source is not { } source || entry.Generation != (int)(events[i].Data >> 32)) continue;
            try
            {
                source.OnReady(events[i].Events);
            }
            catch (Exception e)
            {
                faults.Add(e); // one broken object must not end the pod's supervisor
            }
        }

        return count > 0;
    }

    public void Dispose() => epoll.Dispose();

    private void Control(int operation, SafeFileDescriptor file, uint events, int generation)
    {
        var interest = new EpollEvent { Events = events, Data = ((ulong)(uint)generation << 32) | (uint)file.Number };
        if (Libc.EpollCtl(epoll, operation, file, &interest) < 0) throw SyscallException.Last("epoll_ctl", $"descriptor {file.Number}");
    }

    private struct Entry
    {
        public IEventSource? Source;
        public int Generation;
    }
}
