using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>A failed system call: which, on what, and the kernel's answer.</summary>
public sealed class SyscallException : Exception
{
    /// <param name="call">The call's name: <c>mount</c>.</param>
    /// <param name="errno">errno(3).</param>
    /// <param name="detail">The path or the arguments that matter; may be empty.</param>
    public SyscallException(string call, int errno, string detail)
        : base(detail.Length == 0 ? $"{call}: {Syscalls.Errno.Name(errno)}" : $"{call} {detail}: {Syscalls.Errno.Name(errno)}")
    {
        Call = call;
        Errno = errno;
        Detail = detail;
    }

    /// <summary>The call's name.</summary>
    public string Call { get; }

    /// <summary>errno(3); compare with the constants of <see cref="Syscalls.Errno"/>.</summary>
    public int Errno { get; }

    /// <summary>The path or the arguments.</summary>
    public string Detail { get; }

    /// <summary>The error of the thread's last call through <see cref="Libc"/>.</summary>
    public static SyscallException Last(string call, string detail) => new(call, Marshal.GetLastPInvokeError(), detail);

    /// <summary>The error of the thread's last call, on a path.</summary>
    public static SyscallException Last(string call, PathBytes path) => Last(call, $"\"{path.ToString()}\"");
}
