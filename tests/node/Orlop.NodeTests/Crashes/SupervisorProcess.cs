using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Crashes;

/// <summary>The supervisor of a pod, found by the folder on its command line.</summary>
internal static class SupervisorProcess
{
    public static string FolderOf(Pod pod) => $"/run/orlop/plugins/linux-native/pods/{pod.Id[..32]}";

    public static string PinOf(Pod pod) => $"/run/netns/orlop-{pod.Id[..16]}";

    /// <summary>Its process id; 0 without one.</summary>
    public static int Find(Pod pod) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out int pid) ? pid : 0)
        .FirstOrDefault(pid => pid > 0 && CommandLine(pid).Contains(FolderOf(pod), StringComparison.Ordinal));

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public static async Task KillAsync(Pod pod)
    {
        Libc.Kill(Find(pod), Signals.Kill);
        await Eventually.PassesAsync(() => Find(pod).Should().Be(0));
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return ""; // it ended while we looked
        }
    }
}
