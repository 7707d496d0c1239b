using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Seccomp;

namespace Orlop.Linux.Tests.Seccomp;

/// <summary>What a profile means, read rule by rule.</summary>
internal static class SeccompOracle
{
    private const uint X32Bit = 0x4000_0000, KillProcess = 0x8000_0000;

    public static uint Decide(LinuxSeccomp profile, uint architecture, uint number, ulong[] arguments)
    {
        uint fallback = Action(profile.DefaultAction, profile.DefaultErrnoRet);
        bool permissive = profile.DefaultAction is "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG" or "SCMP_ACT_TRACE" || profile.Syscalls!.Count == 0;
        IReadOnlyDictionary<string, int> numbers;
        if (architecture == 0xC000_003E && number >= X32Bit)
        {
            if (!profile.Architectures!.Contains("SCMP_ARCH_X32")) return permissive ? KillProcess : 0x0005_0000 | 38;
            (numbers, number) = (SyscallTable.X32, number - X32Bit);
        }
        else if (architecture == 0xC000_003E)
        {
            numbers = SyscallTable.X64;
        }
        else if (architecture == 0x4000_0003 && profile.Architectures!.Contains("SCMP_ARCH_X86"))
        {
            numbers = SyscallTable.X86;
        }
        else
        {
            return KillProcess;
        }

        var named = profile.Syscalls!.SelectMany(rule => rule.Names).Where(numbers.ContainsKey).Select(name => (uint)numbers[name]).ToList();
        if (named.Count > 0 && number > named.Max()) return permissive ? fallback : 0x0005_0000 | 38;

        uint? otherwise = null;
        foreach (SeccompSyscall rule in profile.Syscalls!)
            foreach (string name in rule.Names)
            {
                if (!numbers.TryGetValue(name, out int own) || own != number) continue;
                uint verdict = Action(rule.Action, rule.ErrnoRet);
                if (rule.Args!.Count == 0)
                {
                    otherwise ??= verdict;
                    continue;
                }
                bool alternatives = rule.Args.Select(arg => arg.Index).Distinct().Count() < rule.Args.Count;
                if (alternatives ? rule.Args.Any(arg => Holds(arg, arguments)) : rule.Args.All(arg => Holds(arg, arguments))) return verdict;
            }
        return otherwise ?? fallback;
    }

    private static bool Holds(SeccompArg condition, ulong[] arguments)
    {
        ulong value = arguments[condition.Index];
        return condition.Op switch
        {
            "SCMP_CMP_NE" => value != condition.Value,
            "SCMP_CMP_LT" => value < condition.Value,
            "SCMP_CMP_LE" => value <= condition.Value,
            "SCMP_CMP_EQ" => value == condition.Value,
            "SCMP_CMP_GE" => value >= condition.Value,
            "SCMP_CMP_GT" => value > condition.Value,
            _ => (value & condition.Value) == (condition.ValueTwo & condition.Value),
        };
    }

    private static uint Action(string action, uint? errno) => action switch
    {
        "SCMP_ACT_ALLOW" => 0x7FFF_0000,
        "SCMP_ACT_LOG" => 0x7FFC_0000,
        "SCMP_ACT_TRACE" => 0x7FF0_0000 | (errno ?? 1),
        "SCMP_ACT_ERRNO" => 0x0005_0000 | (errno ?? 1),
        "SCMP_ACT_TRAP" => 0x0003_0000,
        "SCMP_ACT_KILL_PROCESS" => KillProcess,
        _ => 0,
    };
}
