using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;

namespace Orlop.Linux.Cgroups;

/// <summary>Paths of cgroups within their trees: absolute, without a slash at the end.</summary>
internal static class CgroupPath
{
    /// <summary>The parent of everything that no pod's cgroup holds.</summary>
    public const string Own = "/orlop";

    /// <summary>Where the supervisors run: outside of the pods, whose limits must neither throttle nor kill them.</summary>
    public const string Supervisors = "/orlop/supervisors";

    /// <summary>The cgroup that a pod's containers are made in: the kubelet's, or one of ours when it names none.</summary>
    /// <exception cref="RuntimeException">InvalidArgument: a systemd slice, or a path that leaves the tree.</exception>
    public static string OfPod(SandboxSpec spec)
    {
        string parent = spec.CgroupParent;
        if (parent.Length == 0) return $"{Own}/{spec.Id}";
        if (parent.EndsWith(".slice", StringComparison.Ordinal) && !parent.Contains('/', StringComparison.Ordinal))
            throw RuntimeException.InvalidArgument(
                $"cgroup_parent '{parent}' is a systemd slice, but linux-native drives cgroupfs. Set the kubelet's cgroupDriver to cgroupfs.");
        string[] parts = parent.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts.Any(part => part is "." or ".." || part.AsSpan().ContainsAny('\n', '\0')))
            throw RuntimeException.InvalidArgument($"cgroup_parent '{parent}' is no path of a cgroup below the root.");
        return "/" + string.Join('/', parts);
    }

    /// <summary>Whether the pod's parent is one that <see cref="OfPod"/> takes.</summary>
    public static bool IsValid(SandboxSpec spec)
    {
        try
        {
            return OfPod(spec).Length > 0;
        }
        catch (RuntimeException)
        {
            return false;
        }
    }

    public static string OfContainer(SandboxSpec sandbox, string containerId) => $"{OfPod(sandbox)}/{containerId}";
}
