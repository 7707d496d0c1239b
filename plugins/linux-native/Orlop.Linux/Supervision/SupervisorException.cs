using Orlop.Linux.Protocol;

namespace Orlop.Linux.Supervision;

/// <summary>A supervisor's answer that something failed.</summary>
internal sealed class SupervisorException(MessageKind kind, ErrorReply reply)
    : Exception($"{kind}: {(reply.Message.Length > 0 ? reply.Message + ": " : "")}{Syscalls.Errno.Name(reply.Errno)}")
{
    /// <summary>errno(3).</summary>
    public int Errno => reply.Errno;

    /// <summary>The operation of the program that failed; -1 when it was not the program.</summary>
    public int Operation => reply.Operation;
}
