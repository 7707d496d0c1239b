using System.Collections.Frozen;
using System.Globalization;
using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Processes;

/// <summary>Names of signal(7); the numbers of x86 and ARM.</summary>
internal static class SignalName
{
    public const int Kill = 9;
    private const int RealTimeMin = 34;
    private const int RealTimeMax = 64;

    private static readonly FrozenDictionary<string, int> Numbers = new Dictionary<string, int>
    {
        ["HUP"] = 1, ["INT"] = 2, ["QUIT"] = 3, ["ILL"] = 4, ["TRAP"] = 5, ["ABRT"] = 6, ["IOT"] = 6, ["BUS"] = 7, ["FPE"] = 8,
        ["KILL"] = 9, ["USR1"] = 10, ["SEGV"] = 11, ["USR2"] = 12, ["PIPE"] = 13, ["ALRM"] = 14, ["TERM"] = 15, ["STKFLT"] = 16,
        ["CHLD"] = 17, ["CLD"] = 17, ["CONT"] = 18, ["STOP"] = 19, ["TSTP"] = 20, ["TTIN"] = 21, ["TTOU"] = 22, ["URG"] = 23,
        ["XCPU"] = 24, ["XFSZ"] = 25, ["VTALRM"] = 26, ["PROF"] = 27, ["WINCH"] = 28, ["IO"] = 29, ["POLL"] = 29, ["PWR"] = 30,
        ["SYS"] = 31, ["RTMIN"] = RealTimeMin, ["RTMAX"] = RealTimeMax,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads <c>SIGTERM</c>, <c>TERM</c>, <c>15</c>, <c>SIGRTMIN+3</c> and <c>RTMAX-2</c>, in any case.</summary>
    /// <exception cref="RuntimeException">InvalidArgument: no signal of this system.</exception>
    public static int Parse(string signal) => TryParse(signal, out int number)
        ? number
        : throw RuntimeException.InvalidArgument($"unknown signal '{signal}'; use a name of signal(7) or a number from 1 to {RealTimeMax}.");

    public static bool TryParse(string signal, out int number)
    {
        string name = signal.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal)) name = name[3..];
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number)) return number is >= 1 and <= RealTimeMax;
        if (Numbers.TryGetValue(name, out number)) return true;
        if (name.StartsWith("RTMIN+", StringComparison.Ordinal) && TryOffset(name, out int up)) number = RealTimeMin + up;
        else if (name.StartsWith("RTMAX-", StringComparison.Ordinal) && TryOffset(name, out int down)) number = RealTimeMax - down;
        return number is >= RealTimeMin and <= RealTimeMax;
    }

    private static bool TryOffset(string name, out int offset) =>
        int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out offset) && offset <= RealTimeMax - RealTimeMin;
}
