using System.Globalization;
using Orlop.Linux.Cgroups;

namespace Orlop.Linux.Mounting;

/// <summary>The node's mounts; proc_pid_mountinfo(5).</summary>
internal static class MountTable
{
    /// <summary>The propagation tags of a mount: <c>shared:7</c>, <c>master:3</c>; null when there is no such mount.</summary>
    public static IReadOnlyList<string>? Tags(ulong mountId) => Tags(CgroupFile.Read("/proc/thread-self/mountinfo"), mountId);

    internal static IReadOnlyList<string>? Tags(string mountInfo, ulong mountId)
    {
        string id = mountId.ToString(CultureInfo.InvariantCulture);
        foreach (string line in mountInfo.Split('\n'))
        {
            string[] fields = line.Split(' ');
            int separator = Array.IndexOf(fields, "-");
            if (fields[0] == id && separator >= 6) return fields[6..separator];
        }
        return null;
    }
}
