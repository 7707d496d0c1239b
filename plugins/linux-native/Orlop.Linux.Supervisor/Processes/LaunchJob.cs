using System.Runtime.InteropServices;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>
/// Makes one child. It has a thread of its own: CLONE_VFORK holds the calling thread until the child has left its program, and a program may hang (a
/// mount from a dead server, R2) while the pod's other containers have to be pumped and their ends seen. That thread can also join a pid namespace without
/// having to leave it again.
/// </summary>
internal sealed unsafe class LaunchJob : IDisposable
{
    private const int ThreadStack = 128 * 1024;

    private readonly ProgramImage image;
    private readonly CloneFlags flags;
    private readonly SafeFileDescriptor? pidNamespace;
    private readonly Doorbell doorbell;
    private readonly Thread thread;
    private readonly ChildStack stack = new();
    private int result;    // the child's id, or a negative errno
    private bool finished; // set by the thread, read by the loop

    /// <param name="image">The program, with its slots filled in; the caller keeps it until <see cref="Join"/>.</param>
    /// <param name="flags">CLONE_NEW* flags.</param>
    /// <param name="pidNamespace">A pidfd, or a namespace's descriptor, whose pid namespace the child is born into; or null.</param>
    /// <param name="doorbell">Rung at the end.</param>
    public LaunchJob(ProgramImage image, CloneFlags flags, SafeFileDescriptor? pidNamespace, Doorbell doorbell)
    {
        this.image = image;
        this.flags = flags;
        this.pidNamespace = pidNamespace;
        this.doorbell = doorbell;
        thread = new Thread(Run, ThreadStack) { IsBackground = true };
    }

    /// <summary>The cgroup that the child is to be born in; kept by the caller until <see cref="Join"/>. Null for the supervisor's own.</summary>
    public SafeFileDescriptor? Cgroup { get; init; }

    /// <summary>With <see cref="Cgroup"/>: the slot by whose descriptor the program enters the cgroup; emptied for a child that is born there.</summary>
    public int EntranceSlot { get; init; }

    /// <summary>What failed in <see cref="Join"/>'s negative result.</summary>
    public string FailedCall { get; private set; } = "clone";

    /// <summary>Whether <see cref="Join"/> will not wait.</summary>
    public bool Finished => Volatile.Read(ref finished);

    /// <summary>Starts.</summary>
    /// <exception cref="SyscallException">There is no memory for a thread.</exception>
    public void Start()
    {
        try
        {
            thread.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            throw new SyscallException("pthread_create", Errno.EAGAIN, "");
        }
    }

    /// <summary>Kills the child, also while it is in its program. No error when it does not exist.</summary>
    public void Kill()
    {
        int number = stack.PidFd;
        if (number < 0) return;
        using var pidFd = new SafeFileDescriptor(number, ownsHandle: false);
        _ = Libc.PidFdSendSignal(SyscallNumber.PidFdSendSignal, pidFd, Signals.Kill, null, 0);
    }

    /// <summary>Waits for the end.</summary>
    /// <param name="pidFd">The child, when there is one.</param>
    /// <returns>The child's id, or a negative errno(3).</returns>
    public int Join(out PidFd? pidFd)
    {
        thread.Join();
        pidFd = result > 0 ? new PidFd(stack.PidFd) : null;
        return result;
    }

    public void Dispose() => stack.Dispose();

    private void Run()
    {
        result = JoinPidNamespace() ? Clone() : -Marshal.GetLastPInvokeError();
        Volatile.Write(ref finished, true);
        doorbell.Ring();
    }

    private bool JoinPidNamespace()
    {
        if (pidNamespace is null || Libc.SetNs(pidNamespace, (int)CloneFlags.NewPid) >= 0) return true;
        FailedCall = "setns (pid)";
        return false;
    }

    private int Clone()
    {
        if (Cgroup is null) return ChildClone.Clone(image, flags, stack);
        long entrance = image.Slot(EntranceSlot);
        image.SetSlot(EntranceSlot, -1);
        int child = ChildClone.CloneInto(Cgroup, image, flags, stack);
        if (child > 0) return child;
        // The kernel is too old, or the cgroup has as many processes as it may: whoever moves there is not refused for that.
        image.SetSlot(EntranceSlot, entrance);
        return ChildClone.Clone(image, flags, stack);
    }
}
