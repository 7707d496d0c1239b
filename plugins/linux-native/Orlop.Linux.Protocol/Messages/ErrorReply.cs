namespace Orlop.Linux.Protocol;

/// <summary>Why a request failed.</summary>
/// <param name="Errno">errno(3): EINVAL and EPROTO for a bad request, ENOSYS for an unknown kind, ETIMEDOUT for a start that took too long, or what the kernel said.</param>
/// <param name="Operation">The index of the operation of the program that failed, or that it hung in, or in which the child was killed; -1 when it was not the program. See <see cref="SyscallProgram.Describe"/>.</param>
/// <param name="Message">What failed, when it was not the program: <c>open log "0.log"</c>.</param>
internal readonly record struct ErrorReply(int Errno, int Operation, string Message)
{
    /// <summary>Builds the frame.</summary>
    public ReadOnlyMemory<byte> ToFrame(uint id)
    {
        var w = new WireWriter();
        w.Int32(Errno);
        w.Int32(Operation);
        w.Text(Message);
        return w.Complete(MessageKind.Error, id);
    }

    /// <summary>Reads the body.</summary>
    public static ErrorReply Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        return new ErrorReply(r.Int32(), r.Int32(-1), r.Text());
    }
}
