using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>The stack of a child that shares our memory. Its lowest word is where the kernel puts the pidfd, before the child runs.</summary>
internal sealed unsafe class ChildStack : IDisposable
{
    public const int Size = 32 * 1024;

    public ChildStack()
    {
        Lowest = (byte*)Libc.Map(Size);
        Reset();
    }

    public byte* Lowest { get; }

    /// <summary>The child's pidfd; -1 as long as there is none.</summary>
    public int PidFd => Volatile.Read(ref *(int*)Lowest);

    /// <summary>Before a clone: one that fails may leave a number that is nobody's.</summary>
    public void Reset() => Volatile.Write(ref *(int*)Lowest, -1);

    public void Dispose() => Libc.Unmap((nint)Lowest, Size);
}
