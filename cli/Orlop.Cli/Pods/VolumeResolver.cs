using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>Makes a pod's volumes and turns mounts of them into the CRI's.</summary>
/// <param name="recursiveReadOnly">Whether the pod's handler can make a mount read-only with all that is mounted below it.</param>
internal sealed class VolumeResolver(PodManifest pod, PodFolders folders, bool recursiveReadOnly)
{
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>Makes emptyDirs and checks host paths; before the sandbox, so that nothing starts when one is wrong.</summary>
    public void Prepare()
    {
        foreach (var volume in pod.Volumes)
            _sources[volume.Name] = volume.HostPath is { } path ? HostPath.Prepare(volume.Name, path, volume.HostPathType) : folders.CreateVolume(volume.Name);
    }

    /// <summary>The mounts of a container, right before it is created: an init container may have filled the volumes.</summary>
    public IEnumerable<Mount> Mounts(ContainerManifest container, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var mount in container.Mounts)
        {
            string subPath = mount.SubPath.Length > 0 ? mount.SubPath : ExpandSubPath(container, mount, environment);
            yield return new Mount
            {
                HostPath = subPath.Length > 0 ? SubPathOf(container, mount.Volume, subPath) : _sources[mount.Volume],
                ContainerPath = mount.MountPath.StartsWith('/') ? mount.MountPath : "/" + mount.MountPath,
                Readonly = mount.ReadOnly,
                RecursiveReadOnly = mount.RecursiveReadOnly == "Enabled" || (mount.RecursiveReadOnly == "IfPossible" && recursiveReadOnly),
                Propagation = mount.Propagation switch
                {
                    "HostToContainer" => MountPropagation.PropagationHostToContainer,
                    "Bidirectional" => MountPropagation.PropagationBidirectional,
                    _ => MountPropagation.PropagationPrivate,
                },
            };
        }
    }

    private static string ExpandSubPath(ContainerManifest container, MountManifest mount, IReadOnlyDictionary<string, string> environment)
    {
        string path = Expansion.Expand(mount.SubPathExpression, environment);
        if (MountReader.SubPathProblem(path) is { } problem)
            throw new CliException($"mount volume {mount.Volume} in container {container.Name}", $"subPathExpr {mount.SubPathExpression}: {problem}");

        return path;
    }

    /// <summary>
    /// Walks down from the volume and makes folders that are missing. A symbolic link on the way may lead anywhere on the
    /// host, put there by a container that ran before: it is refused.
    /// </summary>
    private string SubPathOf(ContainerManifest container, string volume, string subPath)
    {
        string current = _sources[volume];
        foreach (string part in subPath.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            current = Path.Combine(current, part);
            if (new FileInfo(current).LinkTarget is { } target)
            {
                throw new CliException($"mount volume {volume} in container {container.Name}",
                    $"subPath {subPath} passes the symbolic link {current}", $"name what it points to: {target}");
            }

            if (!Path.Exists(current))
                Modes.CreateFolder(current, new DirectoryInfo(_sources[volume]).UnixFileMode);
        }

        return current;
    }
}
