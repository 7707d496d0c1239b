using System.Globalization;
using Google.Protobuf;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>The configuration of a container, as the kubelet would make it from the manifest.</summary>
internal sealed class ContainerConfigBuilder(
    PodManifest pod, NodeFacts node, CliPaths paths, PodFolders folders, VolumeResolver volumes, string hostsFile, EnvironmentBuilder environment)
{
    private const string HostsPath = "/etc/hosts";

    /// <param name="image">The image as the runtime has it.</param>
    /// <param name="attempt">0 for the first start of the container.</param>
    public ContainerConfig Build(ContainerManifest container, Image image, uint attempt)
    {
        var variables = environment.Build(container);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in variables)
            known[name] = value;

        var config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = container.Name, Attempt = attempt },
            Image = new ImageSpec { Image = image.Id, UserSpecifiedImage = container.Image },
            WorkingDir = container.WorkingFolder,
            LogPath = LogPathOf(container.Name, attempt),
            Stdin = container.Stdin,
            StdinOnce = container.StdinOnce,
            Tty = container.Tty,
            Linux = new LinuxContainerConfig
            {
                Resources = ContainerResourcesBuilder.Build(pod, container, node),
                SecurityContext = new SecurityContextBuilder(pod, paths).BuildContainer(container, image),
            },
        };
        config.Command.AddRange(container.Command.Select(word => Expansion.Expand(word, known)));
        config.Args.AddRange(container.Arguments.Select(word => Expansion.Expand(word, known)));
        config.Envs.AddRange(variables.Select(variable => new KeyValue { Key = variable.Key, Value = ByteString.CopyFromUtf8(variable.Value) }));
        config.Mounts.AddRange(Mounts(container, known, attempt));

        foreach (var (key, value) in SandboxConfigBuilder.PodLabels(pod))
            config.Labels[key] = value;

        config.Labels[Labels.ContainerName] = container.Name;
        config.Annotations[Labels.RestartCount] = attempt.ToString(CultureInfo.InvariantCulture);
        config.Annotations[Labels.TerminationMessagePath] = container.TerminationMessagePath;
        config.Annotations[Labels.TerminationMessagePolicy] = container.TerminationMessagePolicy;
        config.Annotations[Labels.TerminationGracePeriod] = pod.GracePeriod.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return config;
    }

    /// <summary>Relative to the pod's log folder.</summary>
    public static string LogPathOf(string container, uint attempt) => $"{container}/{attempt}.log";

    /// <summary>The manifest's mounts, and the files that the kubelet adds unless the manifest mounts something there.</summary>
    private IEnumerable<Mount> Mounts(ContainerManifest container, IReadOnlyDictionary<string, string> known, uint attempt)
    {
        var mounts = volumes.Mounts(container, known).ToList();
        if (!mounts.Exists(mount => mount.ContainerPath == HostsPath))
            mounts.Add(new Mount { ContainerPath = HostsPath, HostPath = hostsFile, Readonly = container.Security.ReadOnlyRootFilesystem });

        if (container.TerminationMessagePath.Length > 0 && !mounts.Exists(mount => mount.ContainerPath == container.TerminationMessagePath))
        {
            mounts.Add(new Mount
            {
                ContainerPath = container.TerminationMessagePath,
                HostPath = folders.CreateTerminationMessage(container.Name, attempt),
            });
        }

        return mounts;
    }
}
