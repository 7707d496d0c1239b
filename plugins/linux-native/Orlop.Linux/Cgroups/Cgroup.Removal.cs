using System.Runtime.InteropServices;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Cgroups;

internal sealed partial class Cgroup
{
    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The processes in it and below it; none when it is gone.</summary>
    public IReadOnlyList<int> Processes() => Processes(TrackingFolder);

    /// <summary>Whether it is there, in every tree.</summary>
    public bool Exists => Folders.All(CgroupFile.Exists);

    /// <summary>Whether any process is in it or below it.</summary>
    public bool IsPopulated => IsUnified
        ? CgroupText.Value(CgroupFile.TryRead($"{Folders.First()}/cgroup.events"), "populated") == 1
        : Folders.Any(folder => Processes(folder).Count > 0);

    /// <summary>Kills every process in it and below it, once; the dead may take a moment to leave. No error when it is gone.</summary>
    public void Kill()
    {
        if (IsUnified && TryWrite($"{Folders.First()}/cgroup.kill", "1")) return;
        // No forks while we go through the list.
        if (Folder("pids") is { } pids) TryWrite($"{pids}/pids.max", "0");
        foreach (int pid in Folders.SelectMany(Processes).Distinct())
            if (Libc.Kill(pid, Signals.Kill) < 0 && Marshal.GetLastPInvokeError() != Errno.ESRCH) throw SyscallException.Last("kill", $"pid {pid}");
    }

    /// <summary>Kills what is in it and removes it from all trees. No error when it is gone.</summary>
    /// <exception cref="RuntimeException">DeadlineExceeded: processes that do not die hold it, in uninterruptible sleep.</exception>
    public async Task RemoveAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            bool populated = IsPopulated;
            if (populated) Kill();
            if (!populated && Folders.All(TryRemoveTree)) return;
            if (time.GetElapsedTime(start) > RemovalDeadline)
                throw new RuntimeException(
                    ErrorKind.DeadlineExceeded,
                    $"cgroup {path} cannot be removed: processes {string.Join(", ", Folders.SelectMany(Processes).Distinct().Take(8))} do not die; they may wait for a disk or a dead network file system.");
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <returns>False when there is no such file, or its cgroup is being removed right now.</returns>
    private static bool TryWrite(string file, string value)
    {
        try
        {
            CgroupFile.Write(file, value);
            return true;
        }
        catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return false;
        }
    }

    private static List<int> Processes(string folder)
    {
        var pids = new List<int>(CgroupText.ProcessIds(CgroupFile.TryRead($"{folder}/cgroup.procs")));
        foreach (string child in Children(folder)) pids.AddRange(Processes(child));
        return pids;
    }

    private static bool TryRemoveTree(string folder)
    {
        foreach (string child in Children(folder))
            if (!TryRemoveTree(child)) return false;
        return FileSystem.TryRemove(SafeFileDescriptor.CurrentDirectory, folder, AtFlags.RemoveDirectory)
            || Marshal.GetLastPInvokeError() == Errno.ENOENT;
    }

    private static string[] Children(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
