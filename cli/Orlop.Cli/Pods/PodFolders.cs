using Orlop.Cli.Hosting;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>The folders of a pod of <c>orlop run</c>: volumes, hosts file and termination messages; and its logs.</summary>
internal sealed class PodFolders(CliPaths paths, PodSandboxMetadata pod)
{
    public string Logs => paths.PodLogFolder(pod.Namespace, pod.Name, pod.Uid);

    private string Root => paths.PodFolder(pod.Uid);

    /// <summary>Makes the pod's own folder, closed to others, and its log folder.</summary>
    public void Create()
    {
        Modes.CreateFolder(Root, Modes.PrivateFolder);
        Directory.CreateDirectory(Logs);
    }

    public void CreateLogFolder(string container) => Directory.CreateDirectory(Path.Combine(Logs, container));

    /// <summary>An emptyDir is writable for any user, as the kubelet makes it.</summary>
    public string CreateVolume(string name)
    {
        string path = Path.Combine(Root, "volumes", name);
        Modes.CreateFolder(path, Modes.SharedFolder);
        return path;
    }

    public string WriteHosts(string content)
    {
        string path = Path.Combine(Root, "etc-hosts");
        Modes.CreateFile(path, content, Modes.PublicFile);
        return path;
    }

    /// <summary>The file in which an attempt of a container may leave its last words.</summary>
    public string CreateTerminationMessage(string container, uint attempt)
    {
        string folder = Path.Combine(Root, "containers", container);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{attempt}.message");
        Modes.CreateFile(path, "", Modes.SharedFile);
        return path;
    }

    /// <summary>Removes everything, once the runtime has removed the pod.</summary>
    /// <exception cref="CliException">Something is still mounted below: deleting would reach into it.</exception>
    public void Remove()
    {
        if (MountBelow(Root) is { } mount)
        {
            throw new CliException($"remove the volumes of pod {pod.Name}", $"{mount} is still mounted",
                $"unmount it and remove {Root}");
        }

        foreach (string folder in new[] { Root, Logs })
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The mount point is the fifth field; spaces in it are written \040. See proc_pid_mountinfo(5).</summary>
    private string? MountBelow(string folder)
    {
        string mountInfo = Path.Combine(paths.Proc, "self", "mountinfo");
        if (!File.Exists(mountInfo))
            return null;

        return File.ReadLines(mountInfo)
            .Select(line => line.Split(' ')[4])
            .FirstOrDefault(mountPoint => mountPoint.StartsWith(folder + "/", StringComparison.Ordinal));
    }
}
