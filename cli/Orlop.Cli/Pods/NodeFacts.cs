using System.Globalization;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Pods;

/// <summary>What a kubelet knows of its node and puts into a pod's configuration.</summary>
internal sealed record NodeFacts
{
    public required string HostName { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>In the cgroup files' spelling: 2MB, 1GB.</summary>
    public required IReadOnlyList<string> HugepageSizes { get; init; }

    /// <summary>Whether the kernel limits swap by cgroup, so that a memory limit covers both.</summary>
    public required bool HasSwapController { get; init; }

    /// <summary>Whether the memory controller is in the unified hierarchy.</summary>
    public required bool IsCgroup2 { get; init; }

    public required string ResolvConf { get; init; }

    public required string Hosts { get; init; }

    public static NodeFacts Read(CliPaths paths)
    {
        string cgroups = Path.Combine(paths.Sys, "fs/cgroup");
        bool unified = File.Exists(Path.Combine(cgroups, "cgroup.controllers"));
        return new NodeFacts
        {
            HostName = Environment.MachineName,
            MemoryBytes = ReadMemory(Path.Combine(paths.Proc, "meminfo")),
            HugepageSizes = ReadHugepageSizes(Path.Combine(paths.Sys, "kernel/mm/hugepages")),
            HasSwapController = unified ? OwnCgroupHasSwap(paths, cgroups) : File.Exists(Path.Combine(cgroups, "memory/memory.memsw.limit_in_bytes")),
            IsCgroup2 = unified,
            ResolvConf = ReadIfThere(paths.ResolvConf),
            Hosts = ReadIfThere(paths.Hosts),
        };
    }

    /// <summary>The first line: <c>MemTotal:  24684620 kB</c>, in units of 1024 bytes; see proc_meminfo(5).</summary>
    private static long ReadMemory(string path)
    {
        string line = File.ReadLines(path).First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Folders named <c>hugepages-2048kB</c>.</summary>
    private static IReadOnlyList<string> ReadHugepageSizes(string folder)
    {
        const string Prefix = "hugepages-";
        if (!Directory.Exists(folder))
            return [];

        return [.. Directory.EnumerateDirectories(folder)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith("kB", StringComparison.Ordinal))
            .Select(name => long.Parse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture))
            .Order()
            .Select(kilobytes => HugepageSize(1024 * kilobytes))];
    }

    /// <summary>A size in bytes as the hugetlb controller's files spell it.</summary>
    public static string HugepageSize(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB", "PB"];
        int unit = 0;
        while (bytes >= 1024 && bytes % 1024 == 0 && unit < units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return $"{bytes}{units[unit]}";
    }

    /// <summary>The root cgroup has no memory.swap.max: the own one tells.</summary>
    private static bool OwnCgroupHasSwap(CliPaths paths, string cgroups)
    {
        string own = ReadIfThere(Path.Combine(paths.Proc, "self/cgroup")).Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal)) ?? "0::/";
        return File.Exists(Path.Combine(cgroups, own[3..].TrimStart('/'), "memory.swap.max"));
    }

    private static string ReadIfThere(string path) => File.Exists(path) ? File.ReadAllText(path) : "";
}
