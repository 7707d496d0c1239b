using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>An open file descriptor; closed with its last reference. See open(2).</summary>
public class SafeFileDescriptor : SafeHandle
{
    /// <summary>Stands for the working directory in the <c>*at</c> calls: <c>AT_FDCWD</c>.</summary>
    public static readonly SafeFileDescriptor CurrentDirectory = new(-100, ownsHandle: false);

    /// <summary>A handle without a descriptor; filled in by the marshaller.</summary>
    public SafeFileDescriptor()
        : base(-1, ownsHandle: true)
    {
    }

    /// <summary>Takes over a descriptor.</summary>
    /// <param name="fd">The descriptor's number.</param>
    /// <param name="ownsHandle">False when somebody else closes it.</param>
    public SafeFileDescriptor(int fd, bool ownsHandle = true)
        : base(-1, ownsHandle) => SetHandle(fd);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <summary>The number, for a message to the kernel that no marshaller sees (a control message, an argument of a syscall program).</summary>
    /// <remarks>Valid only as long as the caller keeps this handle alive.</remarks>
    public int Number => (int)handle;

    /// <summary>A second descriptor for the same open file; F_DUPFD_CLOEXEC.</summary>
    public SafeFileDescriptor Duplicate()
    {
        int fd = Libc.Fcntl(this, Libc.DuplicateCloseOnExec, 0);
        return fd >= 0 ? new SafeFileDescriptor(fd) : throw SyscallException.Last("fcntl", "F_DUPFD_CLOEXEC");
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
