namespace Orlop.Linux.Syscalls;

/// <summary>Signal numbers of x86_64 and arm64; see signal(7).</summary>
public static class Signals
{
    private static readonly string?[] Names =
    [
        null, "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD",
        "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGPIPE.</summary>
    public const int Pipe = 13;

    /// <summary>SIGTERM.</summary>
    public const int Term = 15;

    /// <summary>SIGCHLD.</summary>
    public const int Child = 17;

    /// <summary>The first real-time signal as a C program sees it.</summary>
    public const int RealTimeMin = 34;

    /// <summary>The last real-time signal.</summary>
    public const int RealTimeMax = 64;

    /// <summary>Reads <c>SIGTERM</c>, <c>TERM</c>, <c>15</c>, <c>SIGRTMIN+3</c>, <c>RTMAX-1</c>, in any case.</summary>
    /// <returns>The number; 0 when there is no such signal.</returns>
    public static int Parse(string signal)
    {
        ReadOnlySpan<char> name = signal;
        if (int.TryParse(name, System.Globalization.NumberStyles.None, null, out int number)) return number is > 0 and <= RealTimeMax ? number : 0;
        if (name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase)) name = name[3..];
        if (name.StartsWith("RTMIN", StringComparison.OrdinalIgnoreCase)) return RealTime(RealTimeMin, name[5..]);
        if (name.StartsWith("RTMAX", StringComparison.OrdinalIgnoreCase)) return RealTime(RealTimeMax, name[5..]);
        if (name.Equals("POLL", StringComparison.OrdinalIgnoreCase)) return 29;
        if (name.Equals("IOT", StringComparison.OrdinalIgnoreCase)) return 6;
        for (int i = 1; i < Names.Length; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase)) return i;
        }

        return 0;
    }

    private static int RealTime(int start, ReadOnlySpan<char> offset)
    {
        if (offset.IsEmpty) return start;
        if (offset[0] is not ('+' or '-') || !int.TryParse(offset[1..], System.Globalization.NumberStyles.None, null, out int distance) || distance > 30) return 0;
        int signal = offset[0] == '+' ? start + distance : start - distance;
        return signal is >= RealTimeMin and <= RealTimeMax ? signal : 0;
    }
}
