using System.Globalization;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Cgroups;

/// <summary>Takes writes to a cgroup's files back, the last first.</summary>
internal sealed class CgroupUndo
{
    private readonly Stack<(string File, string Value)> _steps = new();

    /// <summary>Writes a line and remembers how to take it back.</summary>
    /// <param name="file">The file.</param>
    /// <param name="before">What was in it; null for a file that cannot be read.</param>
    /// <param name="line">What is written.</param>
    public void Write(string file, string? before, string line)
    {
        string name = Path.GetFileName(file);
        // An empty cpuset of v2 means those of the cgroup above, but cannot be written once processes are in it.
        string? back = name is "cpuset.cpus" or "cpuset.mems" && string.IsNullOrWhiteSpace(before) ? CgroupFile.TryRead($"{file}.effective")?.Trim() : Back(name, before, line);
        CgroupFile.Write(file, line);
        if (back is not null) _steps.Push((file, back));
    }

    /// <returns>What could not be taken back, to follow the message of the failure.</returns>
    public string Run()
    {
        string left = "";
        while (_steps.TryPop(out (string File, string Value) step))
        {
            try
            {
                CgroupFile.Write(step.File, step.Value);
            }
            catch (SyscallException e)
            {
                left += $"; and going back failed: {e.Message}";
            }
        }
        return left;
    }

    /// <summary>Whether each line of a file is about a thing of its own, and is written alone: <c>8:0 rbps=1048576 wbps=max riops=max wiops=max</c>.</summary>
    public static bool IsKeyed(string file) => file.Split('.', 2)[0] is "io" or "rdma" or "misc" or "dmem";

    /// <summary>What has to be written after a line was, to get a file's content back.</summary>
    internal static string? Back(string file, string? before, string line)
    {
        if (file == "memory.oom_control") return CgroupText.Value(before, "oom_kill_disable")?.ToString(CultureInfo.InvariantCulture);
        if (!IsKeyed(file)) return before?.Trim();
        // A thing without a limit has no line, and the weight of all that have none of their own is written without a key, or under this one.
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string key = words.Length > 1 ? words[0] : "default";
        return before?.Split('\n').FirstOrDefault(one => one.StartsWith(key + " ", StringComparison.Ordinal))
            ?? (words.Length > 1 ? $"{key} {string.Join(' ', words.Skip(1).Select(Unlimited))}" : before?.Trim());
    }

    private static string Unlimited(string word) => word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? $"{word[..equals]}=max" : "default";
}
