using System.Globalization;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Cgroups;

/// <summary>One cgroup: the same path in every tree of the node.</summary>
internal sealed partial class Cgroup(CgroupLayout layout, string path)
{
    /// <summary>Within the trees.</summary>
    public string Path => path;

    private bool IsUnified => layout.Mode == CgroupMode.Unified;

    private IEnumerable<string> Folders => layout.Hierarchies.Select(tree => tree.MountPoint + path);

    /// <summary>The folder of a controller; null where the node lacks it.</summary>
    public string? Folder(string controller) => layout.Find(controller) is { } tree ? tree.MountPoint + path : null;

    /// <summary>Makes the folders, and their parents where nobody has.</summary>
    public void Create()
    {
        foreach (CgroupHierarchy tree in layout.Hierarchies)
        {
            string folder = tree.MountPoint;
            foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (IsUnified) EnableControllers(folder);
                string parent = folder;
                folder = $"{folder}/{part}";
                if (MakeFolder(folder) && !IsUnified && tree.Controllers.Contains("cpuset")) InheritCpuset(parent, folder);
            }
        }
    }

    /// <summary>Writes all limits, or none of them.</summary>
    /// <exception cref="RuntimeException">What the kernel refused.</exception>
    public void Apply(Resources resources)
    {
        CgroupSettings.Check(resources, layout.Mode);
        IReadOnlyList<CgroupSetting> settings = IsUnified ? CgroupSettings.Unified(resources, Read("cpu", "cpu.max")) : CgroupSettings.Legacy(resources);
        var undo = new CgroupUndo();
        try
        {
            foreach (CgroupSetting setting in InOrder(settings)) Write(setting, undo);
        }
        catch (SyscallException e)
        {
            string left = undo.Run();
            var kind = e.Errno switch
            {
                Errno.EINVAL or Errno.ERANGE => ErrorKind.InvalidArgument,
                Errno.EBUSY => ErrorKind.FailedPrecondition,
                Errno.ENOSPC => ErrorKind.ResourceExhausted,
                _ => ErrorKind.Internal,
            };
            throw new RuntimeException(kind, $"cgroup {path}: cannot set limits: {e.Message}{left}", e);
        }
        catch (RuntimeException)
        {
            undo.Run();
            throw;
        }
    }

    /// <summary>Restricts devices; for a cgroup that is empty.</summary>
    public void RestrictDevices(IReadOnlyList<DeviceAccess> rules)
    {
        if (rules is [{ Allow: true, IsTotal: true }]) return;
        if (IsUnified)
        {
            DeviceFilter.Attach(Folders.First(), DeviceProgram.Compile(rules));
            return;
        }
        string folder = Folder("devices") ?? throw RuntimeException.FailedPrecondition(
            "this node has no devices cgroup: a container could open its disks. Mount the devices controller below /sys/fs/cgroup.");
        foreach (DeviceAccess rule in rules) CgroupFile.Write($"{folder}/devices.{(rule.Allow ? "allow" : "deny")}", rule.ToLegacy());
    }

    /// <summary>Opens the way in.</summary>
    /// <param name="parent">The process whose child goes it.</param>
    public CgroupEntrance OpenEntrance(int parent) => CgroupEntrance.Open(layout, Folders, parent);

    /// <summary>Moves a process here.</summary>
    public void Enter(int pid)
    {
        foreach (string folder in Folders) CgroupFile.Write($"{folder}/cgroup.procs", pid.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Moves the calling thread here, alone: what it spawns is here from the start.</summary>
    /// <returns>False on v2, where all threads of a process are in one cgroup.</returns>
    public bool TryEnterThread()
    {
        if (IsUnified) return false;
        foreach (string folder in Folders) CgroupFile.Write($"{folder}/{layout.EntranceFile}", "0");
        return true;
    }

    /// <summary>Opens the file whose line <c>oom_kill N</c> counts the processes that the kernel killed for their memory; null without it.</summary>
    public SafeFileDescriptor? OpenOomEvents() => Folder("memory") is { } folder
        ? FileSystem.TryOpen(SafeFileDescriptor.CurrentDirectory, $"{folder}/{(IsUnified ? "memory.events" : "memory.oom_control")}", OpenFlags.ReadOnly)
        : null;

    /// <summary>Opens <c>cgroup.kill</c>; null on v1 and before Linux 5.14.</summary>
    public SafeFileDescriptor? OpenKill() =>
        IsUnified ? FileSystem.TryOpen(SafeFileDescriptor.CurrentDirectory, $"{Folders.First()}/cgroup.kill", OpenFlags.WriteOnly) : null;

    /// <summary>Opens the list of processes for reading.</summary>
    public SafeFileDescriptor OpenProcesses() => FileSystem.Open($"{TrackingFolder}/cgroup.procs", OpenFlags.ReadOnly);

    /// <summary>Bytes in use that cannot be given back; null where nobody counts.</summary>
    public ulong? WorkingSet() => Measure()?.WorkingSetBytes;

    /// <summary>What it uses now; null when it is gone.</summary>
    public ResourceUsage? Measure() => CgroupFile.Exists(TrackingFolder) ? IsUnified ? CgroupUsage.Unified(Read) : CgroupUsage.Legacy(Read) : null;

    /// <summary>The tree whose list of processes counts: any would do, as all are entered together.</summary>
    public string TrackingFolder => Folder("pids") ?? Folder("memory") ?? Folders.First();

    private string? Read(string controller, string file) => Folder(controller) is { } folder ? CgroupFile.TryRead($"{folder}/{file}") : null;

    private IEnumerable<CgroupSetting> InOrder(IReadOnlyList<CgroupSetting> settings)
    {
        int limit = Index("memory.limit_in_bytes"), swap = Index("memory.memsw.limit_in_bytes");
        if (limit < 0 || swap < 0) return settings;
        // Raising: the sum with swap first, as it may never be below the memory limit.
        bool raises = settings[swap].Value == "-1" || (settings[limit].Value != "-1"
            && CgroupText.Number(Read("memory", "memory.limit_in_bytes")) < CgroupText.Number(settings[limit].Value));
        if (!raises) return settings;
        CgroupSetting[] turned = [.. settings];
        (turned[limit], turned[swap]) = (turned[swap], turned[limit]);
        return turned;

        int Index(string file)
        {
            for (int i = 0; i < settings.Count; i++)
                if (settings[i].File == file) return i;
            return -1;
        }
    }

    private void Write(CgroupSetting setting, CgroupUndo undo)
    {
        if (Folder(setting.Controller) is not { } folder)
        {
            if (setting.Optional) return;
            throw RuntimeException.FailedPrecondition($"cannot set {setting.File} to {setting.Value}: this node has no cgroup controller '{setting.Controller}'.");
        }
        string file = $"{folder}/{setting.File}";
        string? before = CgroupFile.TryRead(file);
        if (before is null && setting.Optional) return;
        if (IsUnified && !CgroupFile.Exists(file))
            throw RuntimeException.FailedPrecondition($"cgroup {path}: cannot set {setting.File} to {setting.Value}: {Absence(setting.Controller)}.");
        foreach (string line in CgroupUndo.IsKeyed(setting.File) ? setting.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [setting.Value])
            undo.Write(file, before, line);
    }

    /// <summary>Why a controller's file is not there, on v2.</summary>
    private string Absence(string controller)
    {
        string folder = layout.Hierarchies[0].MountPoint;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!CgroupText.Names(CgroupFile.TryRead($"{folder}/cgroup.subtree_control")).Contains(controller))
                return $"{folder} does not pass the controller '{controller}' on; if processes are in that very cgroup, move them into one below it";
            folder = $"{folder}/{part}";
        }
        return "this kernel has no such file";
    }

    /// <summary>Passes on what the cgroup has; where the kernel refuses, a limit that needs it says so when it is written.</summary>
    private static void EnableControllers(string folder)
    {
        string[] missing = [.. CgroupText.Names(CgroupFile.Read($"{folder}/cgroup.controllers")).Except(CgroupText.Names(CgroupFile.Read($"{folder}/cgroup.subtree_control")))];
        // In one go: one by one, a cgroup with processes of its own would accept those that threads may have, and no process could enter a cgroup below it.
        // Without such processes it is a single one that the kernel refuses: cpu, where real-time processes are.
        if (missing.Length > 0 && Enable(missing) is Errno.EINVAL)
            foreach (string name in missing) Enable([name]);

        int Enable(string[] names)
        {
            try
            {
                CgroupFile.Write($"{folder}/cgroup.subtree_control", string.Join(' ', names.Select(name => "+" + name)));
                return 0;
            }
            catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.EBUSY or Errno.EOPNOTSUPP or Errno.EINVAL)
            {
                return e.Errno;
            }
        }
    }

    /// <returns>Whether it is new.</returns>
    private static bool MakeFolder(string folder)
    {
        try
        {
            FileSystem.MakeDirectory(SafeFileDescriptor.CurrentDirectory, folder, 0x1ed); // 0755
            return true;
        }
        catch (SyscallException e) when (e.Errno == Errno.EEXIST)
        {
            return false;
        }
    }

    /// <summary>A fresh cpuset of v1 has neither CPUs nor memory nodes, and takes no process in.</summary>
    private static void InheritCpuset(string parent, string folder)
    {
        foreach (string file in (string[])["cpuset.cpus", "cpuset.mems"])
            if (CgroupFile.TryRead($"{folder}/{file}") is { } content && content.AsSpan().Trim().IsEmpty)
                CgroupFile.Write($"{folder}/{file}", CgroupFile.Read($"{parent}/{file}").Trim());
    }
}
