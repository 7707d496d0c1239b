using System.Globalization;
using Orlop.Abstractions.Errors;

namespace Orlop.Host.Engine.Specs;

/// <summary>Names of signal(7), as they stand in images and in CRI <c>Signal</c>.</summary>
internal static class Signals
{
    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal) { ["CLD"] = "CHLD", ["IOT"] = "ABRT", ["POLL"] = "IO" };

    private const int FirstRealTime = 34; // as the C libraries count: the kernel's first two are theirs
    private const int LastRealTime = 64;

    /// <summary><c>15</c>, <c>term</c> and <c>SIGTERM</c> are one; real-time signals as <c>SIGRTMIN+n</c> or <c>SIGRTMAX-n</c>.</summary>
    /// <exception cref="RuntimeException">There is no such signal; the message names it and its owner.</exception>
    public static string Normalise(string signal, string owner)
    {
        string name = signal.Trim().ToUpperInvariant();
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            if (number is > 0 && number < Names.Length) return $"SIG{Names[number]}";
            if (number is >= FirstRealTime and <= LastRealTime) return RealTime(number);
        }

        if (name.StartsWith("SIG", StringComparison.Ordinal)) name = name[3..];
        if (Aliases.TryGetValue(name, out string? alias)) name = alias;
        if (Array.IndexOf(Names, name) > 0) return $"SIG{name}";
        if (TryRealTime(name, out number)) return RealTime(number);

        throw RuntimeException.InvalidArgument($"{owner}: signal \"{signal}\" is unknown; use a name or number of signal(7)");
    }

    private static string RealTime(int number) => number == FirstRealTime ? "SIGRTMIN" : $"SIGRTMIN+{number - FirstRealTime}";

    private static bool TryRealTime(string name, out int number)
    {
        number = 0;
        string? offset = name.StartsWith("RTMIN", StringComparison.Ordinal) || name.StartsWith("RTMAX", StringComparison.Ordinal) ? name[5..] : null;
        if (offset is null) return false;

        bool fromMin = name.StartsWith("RTMIN", StringComparison.Ordinal);
        int distance = 0;
        if (offset.Length > 0 && (offset[0] != (fromMin ? '+' : '-') || !int.TryParse(offset.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out distance)))
        {
            return false;
        }

        number = fromMin ? FirstRealTime + distance : LastRealTime - distance;
        return number is >= FirstRealTime and <= LastRealTime;
    }
}
