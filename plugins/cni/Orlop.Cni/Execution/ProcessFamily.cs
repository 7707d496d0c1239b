using System.Diagnostics;
using System.Globalization;

namespace Orlop.Cni.Execution;

/// <summary>
/// Finds processes by a variable of their environment, which children inherit: unlike a process group or a chain of parents,
/// that also leads to those whose parent has ended, and to those that an earlier run of the daemon started.
/// </summary>
internal static class ProcessFamily
{
    /// <summary>The variable that tells one call of a plugin from all others.</summary>
    public const string Mark = "ORLOP_CNI_CALL";

    /// <summary>The variable of every plugin that works for a garbage collection, with the collection's id.</summary>
    public const string Collection = "ORLOP_CNI_COLLECTION";

    /// <summary>The variable of every plugin that works on a sandbox.</summary>
    public static string OfSandbox(string sandboxId) => $"CNI_CONTAINERID={sandboxId}";

    /// <summary>The variable of every plugin that works for a garbage collection.</summary>
    public static string OfCollection(string id) => $"{Collection}={id}";

    // Reading a process's environment waits for its memory map, which a process that hangs in a page fault holds (R2).
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Kills every process that has one of the variables, each written <c>NAME=value</c>, in its environment.</summary>
    /// <returns>How many there were; 0 also when looking takes too long.</returns>
    public static async Task<int> KillAsync(IReadOnlyCollection<string> variables, TimeProvider time)
    {
        if (!OperatingSystem.IsLinux() || variables.Count == 0)
        {
            return 0;
        }

        try
        {
            return await Task.Run(() => Kill(variables)).WaitAsync(s_patience, time);
        }
        catch (TimeoutException)
        {
            return 0;
        }
    }

    private static int Kill(IReadOnlyCollection<string> variables)
    {
        var wanted = variables.ToHashSet(StringComparer.Ordinal);
        int killed = 0;
        foreach (int pid in Pids().Where(pid => pid != Environment.ProcessId && HasAny(pid, wanted)))
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
                killed++;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It ended by itself meanwhile.
            }
        }

        return killed;
    }

    private static IEnumerable<int> Pids() =>
        Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0)
            .Where(pid => pid > 0);

    private static bool HasAny(int pid, HashSet<string> wanted)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').Any(wanted.Contains);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or not ours to look at and therefore not ours
        }
    }
}
