using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Linux.Seccomp;

/// <summary>Compiled filters by the content of their profiles: nearly all containers of a node share two or three.</summary>
internal sealed class SeccompFilters
{
    private const int Capacity = 64;
    private const uint FlagTsync = 1 << 0;
    private const uint FlagLog = 1 << 1;
    private const uint FlagSpecAllow = 1 << 2;

    private readonly ConcurrentDictionary<string, SeccompFilter> _filters = new(StringComparer.Ordinal);

    /// <exception cref="RuntimeException">InvalidArgument: the profile cannot be compiled.</exception>
    public SeccompFilter Get(LinuxSeccomp profile)
    {
        string key = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(profile, OciJson.Default.LinuxSeccomp)));
        if (_filters.TryGetValue(key, out SeccompFilter? filter)) return filter;
        filter = new SeccompFilter(SeccompCompiler.Compile(profile), Flags(profile.Flags));
        if (_filters.Count >= Capacity) _filters.Clear(); // Profiles come and go with deployments; a rare recompilation costs 1 ms.
        return _filters.GetOrAdd(key, filter);
    }

    /// <remarks>Without flags in the profile, speculation mitigations stay as they are (SPEC_ALLOW), which is what runc and crun do.</remarks>
    private static uint Flags(IReadOnlyList<string>? names) => names is null ? FlagSpecAllow : names.Aggregate(0u, (flags, name) => flags | name switch
    {
        "SECCOMP_FILTER_FLAG_TSYNC" => FlagTsync,
        "SECCOMP_FILTER_FLAG_LOG" => FlagLog,
        "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => FlagSpecAllow,
        _ => throw RuntimeException.InvalidArgument($"seccomp profile: flag '{name}' is not supported."),
    });
}
