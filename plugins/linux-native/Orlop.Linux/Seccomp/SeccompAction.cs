using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Seccomp;

/// <summary>Return values of filters; seccomp(2).</summary>
internal static class SeccompAction
{
    public const uint KillProcess = 0x8000_0000;
    public const uint KillThread = 0x0000_0000;
    public const uint Trap = 0x0003_0000;
    public const uint Errno = 0x0005_0000;
    public const uint Trace = 0x7FF0_0000;
    public const uint Log = 0x7FFC_0000;
    public const uint Allow = 0x7FFF_0000;

    private const uint Eperm = 1;
    private const uint MaxErrno = 4095;

    /// <exception cref="RuntimeException">InvalidArgument: an unknown action, one that needs an agent, or a number that is no errno.</exception>
    public static uint Parse(string action, uint? errno) => action switch
    {
        "SCMP_ACT_ALLOW" => Allow,
        "SCMP_ACT_LOG" => Log,
        "SCMP_ACT_ERRNO" => Errno | Data(action, errno),
        "SCMP_ACT_TRACE" => Trace | Data(action, errno),
        "SCMP_ACT_TRAP" => Trap,
        "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => KillThread,
        "SCMP_ACT_KILL_PROCESS" => KillProcess,
        "SCMP_ACT_NOTIFY" => throw RuntimeException.InvalidArgument(
            "seccomp profile: action SCMP_ACT_NOTIFY needs a seccomp agent, which linux-native does not speak to. Use SCMP_ACT_ERRNO or SCMP_ACT_LOG."),
        _ => throw RuntimeException.InvalidArgument($"seccomp profile: unknown action '{action}'."),
    };

    /// <summary>Whether a program goes on after it: calls that the profile does not know need no ENOSYS then.</summary>
    public static bool IsPermissive(uint verdict) => (verdict & 0xFFFF_0000) is Allow or Log or Trace;

    private static uint Data(string action, uint? errno) => (errno ?? Eperm) <= MaxErrno
        ? errno ?? Eperm
        : throw RuntimeException.InvalidArgument($"seccomp profile: errnoRet {errno} of {action} is no error number (0 to {MaxErrno}).");
}
