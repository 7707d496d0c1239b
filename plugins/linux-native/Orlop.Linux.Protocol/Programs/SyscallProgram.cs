using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Protocol;

/// <summary>A finished program: what is sent, and what the sender keeps to explain a failure.</summary>
internal sealed class SyscallProgram
{
    private readonly string[] labels;

    internal SyscallProgram(byte[] blob, string[] labels, SafeFileDescriptor[] descriptors)
    {
        Blob = blob;
        this.labels = labels;
        Descriptors = descriptors;
    }

    /// <summary>The bytes for <see cref="LaunchRequest.Program"/>.</summary>
    public ReadOnlyMemory<byte> Blob { get; }

    /// <summary>The descriptors to send with it, in order. The builder's caller keeps and closes them.</summary>
    public IReadOnlyList<SafeFileDescriptor> Descriptors { get; }

    /// <summary>Explains a failure: <c>mount "/host/x" on "/data": ENOENT</c>.</summary>
    /// <param name="operation"><see cref="ErrorReply.Operation"/>.</param>
    /// <param name="errno"><see cref="ErrorReply.Errno"/>.</param>
    public string Describe(int operation, int errno) => $"{Label(operation)}: {Errno.Name(errno)}";

    /// <summary>What an operation does.</summary>
    public string Label(int operation) => (uint)operation < (uint)labels.Length ? labels[operation] : $"operation {operation}";
}
