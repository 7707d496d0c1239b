using Orlop.Abstractions.Errors;
using Orlop.Linux.Protocol;

namespace Orlop.Linux.Supervision;

/// <summary>A supervisor's answer that something failed.</summary>
internal sealed class SupervisorException(MessageKind kind, ErrorReply reply)
    : RuntimeException(
        reply.Errno is Syscalls.Errno.ENOMEM or Syscalls.Errno.ENOSPC or Syscalls.Errno.EMFILE ? ErrorKind.ResourceExhausted : ErrorKind.Internal,
        $"supervisor: {kind}: {(reply.Message.Length > 0 ? reply.Message + ": " : "")}{Syscalls.Errno.Name(reply.Errno)}")
{
    /// <summary>errno(3).</summary>
    public int Errno => reply.Errno;

    /// <summary>The operation of the program that failed; -1 when it was not the program.</summary>
    public int Operation => reply.Operation;
}
