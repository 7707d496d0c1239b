using System.Buffers.Text;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>What <c>/proc/PID/stat</c> says; see proc_pid_stat(5).</summary>
internal static class ProcessStat
{
    /// <summary>Field 22, the start time in clock ticks since boot; 0 when the process has gone.</summary>
    public static long StartTicks(int pid)
    {
        using SafeFileDescriptor? file = FileSystem.TryOpen(SafeFileDescriptor.CurrentDirectory, $"{PodRoot.Proc}/{pid}/stat", OpenFlags.ReadOnly);
        if (file is null) return 0;
        Span<byte> content = stackalloc byte[1024];
        try
        {
            return Parse(content[..FileSystem.Read(file, content)]);
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            return 0;
        }
    }

    internal static long Parse(ReadOnlySpan<byte> stat)
    {
        const int FieldsAfterName = 20; // field 2 is the name in parentheses and may hold anything; field 3 follows the last one
        ReadOnlySpan<byte> rest = stat[(stat.LastIndexOf((byte)')') + 1)..];
        for (int field = 0; field < FieldsAfterName; field++)
        {
            int space = rest.IndexOf((byte)' ');
            if (space < 0) return 0;
            rest = rest[(space + 1)..];
        }

        return Utf8Parser.TryParse(rest, out long ticks, out _) ? ticks : 0;
    }
}
