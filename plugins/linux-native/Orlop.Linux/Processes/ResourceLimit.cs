using System.Collections.Frozen;
using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Processes;

/// <summary>Names of getrlimit(2); the numbers of asm-generic/resource.h.</summary>
internal static class ResourceLimit
{
    private static readonly FrozenDictionary<string, int> Numbers = new Dictionary<string, int>
    {
        ["RLIMIT_CPU"] = 0, ["RLIMIT_FSIZE"] = 1, ["RLIMIT_DATA"] = 2, ["RLIMIT_STACK"] = 3, ["RLIMIT_CORE"] = 4, ["RLIMIT_RSS"] = 5,
        ["RLIMIT_NPROC"] = 6, ["RLIMIT_NOFILE"] = 7, ["RLIMIT_MEMLOCK"] = 8, ["RLIMIT_AS"] = 9, ["RLIMIT_LOCKS"] = 10,
        ["RLIMIT_SIGPENDING"] = 11, ["RLIMIT_MSGQUEUE"] = 12, ["RLIMIT_NICE"] = 13, ["RLIMIT_RTPRIO"] = 14, ["RLIMIT_RTTIME"] = 15,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="RuntimeException">InvalidArgument: an unknown name.</exception>
    public static int Parse(string name) => Numbers.TryGetValue(name, out int number)
        ? number
        : throw RuntimeException.InvalidArgument($"unknown resource limit '{name}'; see getrlimit(2).");
}
