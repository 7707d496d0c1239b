using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Loop;

/// <summary>Wakes the loop from another thread; see eventfd(2).</summary>
internal sealed unsafe class Doorbell : IDisposable
{
    public Doorbell()
    {
        int fd = Libc.EventFd(0, (int)(OpenFlags.CloseOnExec | OpenFlags.NonBlock));
        Descriptor = fd >= 0 ? new SafeFileDescriptor(fd) : throw SyscallException.Last("eventfd", "");
    }

    /// <summary>Readable after a ring.</summary>
    public SafeFileDescriptor Descriptor { get; }

    public void Ring()
    {
        ulong one = 1;
        _ = Libc.Write(Descriptor, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Takes the rings so far.</summary>
    public void Answer()
    {
        ulong count;
        _ = Libc.Read(Descriptor, (byte*)&count, sizeof(ulong));
    }

    public void Dispose() => Descriptor.Dispose();
}
