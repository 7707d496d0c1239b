using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Cgroups;

/// <summary>The way of a process into a cgroup, opened.</summary>
/// <param name="Folder">The cgroup, for a child to be born in with CLONE_INTO_CGROUP (Linux 5.7), which takes no time; null where it has to move there.</param>
/// <param name="Files">What a process of one thread writes <c>0</c> to in order to move there: one on v2, where it is slow, and one of each tree of v1.</param>
internal sealed record CgroupEntrance(SafeFileDescriptor? Folder, IReadOnlyList<SafeFileDescriptor> Files) : IDisposable
{
    /// <summary>Before it, a child that is born in a cgroup has the CPUs and memory nodes of its parent, whatever the cpuset of its own cgroup says.</summary>
    private static readonly Version RightCpusets = new(6, 3);

    /// <param name="layout">The node's cgroups.</param>
    /// <param name="folders">The cgroup in each tree.</param>
    /// <param name="parent">The process whose child goes this way.</param>
    /// <exception cref="SyscallException">The cgroup is gone.</exception>
    public static CgroupEntrance Open(CgroupLayout layout, IEnumerable<string> folders, int parent)
    {
        var opened = new List<SafeFileDescriptor>();
        SafeFileDescriptor? birthplace = null;
        try
        {
            foreach (string folder in folders)
            {
                opened.Add(FileSystem.Open($"{folder}/{layout.EntranceFile}", OpenFlags.WriteOnly));
                if (layout.Mode == CgroupMode.Unified && (Environment.OSVersion.Version >= RightCpusets || HasCpusetOf(parent, folder)))
                    birthplace = FileSystem.Open(folder, OpenFlags.Path | OpenFlags.Directory);
            }
            return new CgroupEntrance(birthplace, opened);
        }
        catch (SyscallException)
        {
            opened.ForEach(one => one.Dispose());
            throw;
        }
    }

    public void Dispose()
    {
        Folder?.Dispose();
        foreach (SafeFileDescriptor file in Files) file.Dispose();
    }

    private static bool HasCpusetOf(int process, string folder)
    {
        string[] status = CgroupFile.TryRead($"/proc/{process}/status")?.Split('\n') ?? [];
        return Same("Cpus_allowed_list:", "cpuset.cpus.effective") && Same("Mems_allowed_list:", "cpuset.mems.effective");

        bool Same(string field, string file) =>
            Effective(folder, file) is not { } cpuset || status.Any(line => line.StartsWith(field, StringComparison.Ordinal) && line.AsSpan(field.Length).Trim().SequenceEqual(cpuset));
    }

    /// <summary>Of the cgroup, or of the nearest one above that has the controller; null on a node without.</summary>
    private static string? Effective(string folder, string file)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
            if (CgroupFile.TryRead($"{at}/{file}") is { } content) return content.Trim();
        return null;
    }
}
