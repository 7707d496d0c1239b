using Orlop.Bench.Measuring;

namespace Orlop.Bench.Nodes;

/// <summary>The runtimes of a command line: <c>NAME=VALUE</c> for each option.</summary>
internal static class NodeOptions
{
    /// <summary>Makes the nodes in the order of their endpoints.</summary>
    /// <exception cref="ArgumentException">An option names no runtime, or one without an endpoint.</exception>
    public static IReadOnlyList<BenchNode> Read(IReadOnlyList<string> runtimes, IReadOnlyList<string> cgroups, IReadOnlyList<string> starts, string image)
    {
        var endpoints = Pairs(runtimes, "--runtime");
        var cgroupOf = Pairs(cgroups, "--cgroup").ToDictionary(StringComparer.Ordinal);
        var startOf = Pairs(starts, "--start").ToDictionary(StringComparer.Ordinal);
        foreach (string name in cgroupOf.Keys.Concat(startOf.Keys).Except(endpoints.Select(e => e.Key), StringComparer.Ordinal))
        {
            throw new ArgumentException($"runtime \"{name}\" has no --runtime {name}=ENDPOINT");
        }

        return [.. endpoints.Select(endpoint =>
        {
            var (name, address) = endpoint;
            string? cgroup = cgroupOf.GetValueOrDefault(name);
            string socket = address.Replace("unix://", "", StringComparison.Ordinal);
            var daemon = startOf.TryGetValue(name, out string? program) ? new Daemon(name, program, socket) : null;
            return new BenchNode(name, new BenchClient(socket, image), new CpuMeter(cgroup), new MemoryMeter(cgroup), daemon);
        })];
    }

    private static List<KeyValuePair<string, string>> Pairs(IReadOnlyList<string> values, string option) =>
        [.. values.Select(value => value.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } rest]
            ? KeyValuePair.Create(name, rest)
            : throw new ArgumentException($"{option} {value}: write NAME=VALUE"))];
}
