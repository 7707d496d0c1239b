using System.Buffers.Text;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>
/// How often the kernel killed in a cgroup for memory: the line <c>oom_kill N</c> of <c>memory.events</c> (v2) and of <c>memory.oom_control</c> (v1). Read
/// when the process has ended, before anybody is told (R17). An event descriptor would not do: v1's also fires when the cgroup is removed.
/// </summary>
internal sealed class OomCounter(SafeFileDescriptor file) : IDisposable
{
    private readonly long atStart = Read(file);

    /// <summary>Kills since the start.</summary>
    public long Kills => Math.Max(0, Read(file) - atStart);

    public void Dispose() => file.Dispose();

    private static long Read(SafeFileDescriptor file)
    {
        Span<byte> content = stackalloc byte[1024];
        int length;
        try
        {
            length = FileSystem.Read(file, content, offset: 0);
        }
        catch (SyscallException e) when (e.Errno == Errno.ENODEV)
        {
            return 0; // the cgroup is gone
        }

        return Parse(content[..length]);
    }

    internal static long Parse(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> name = "oom_kill "u8;
        for (int newline; !content.IsEmpty; content = newline < 0 ? default : content[(newline + 1)..])
        {
            newline = content.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = newline < 0 ? content : content[..newline];
            if (line.StartsWith(name) && Utf8Parser.TryParse(line[name.Length..], out long kills, out _)) return kills;
        }

        return 0;
    }
}
