using System.Collections.Frozen;
using Orlop.Abstractions.Errors;

namespace Orlop.Windows.Planning;

/// <summary>What a signal's name means on Windows, where processes know console control events and termination.</summary>
internal static class ControlSignal
{
    /// <summary>The value of <see cref="Map"/> for a signal that is no event: the process is terminated.</summary>
    public const string Terminate = "";

    private const string Shutdown = "CtrlShutdown";

    private static readonly FrozenDictionary<string, string> Values = new Dictionary<string, string>
    {
        [""] = Shutdown,
        ["15"] = Shutdown,
        ["TERM"] = Shutdown,
        ["CTRLSHUTDOWN"] = Shutdown,
        ["CTRLC"] = "CtrlC",
        ["CTRLBREAK"] = "CtrlBreak",
        ["CTRLCLOSE"] = "CtrlClose",
        ["CTRLLOGOFF"] = "CtrlLogOff",
        ["9"] = Terminate,
        ["KILL"] = Terminate,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of <c>Signal</c> in the options of HcsSignalProcess, or <see cref="Terminate"/>.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.InvalidArgument"/> for a signal that Windows has no counterpart of.</exception>
    public static string Map(string signal)
    {
        string name = signal.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? signal[3..] : signal;
        return Values.TryGetValue(name, out string? value)
            ? value
            : throw RuntimeException.InvalidArgument(
                $"signal \"{signal}\" has no counterpart on Windows; use SIGTERM, SIGKILL, CTRLC, CTRLBREAK, CTRLCLOSE, CTRLLOGOFF or CTRLSHUTDOWN");
    }
}
