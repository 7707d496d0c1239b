using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>Security contexts as the kubelet sends them: the container's statement before the pod's before the image's.</summary>
internal sealed class SecurityContextBuilder(PodManifest pod, CliPaths paths)
{
    // The kubelet's defaults for procMount Default.
    private static readonly string[] MaskedPaths =
    [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    private static readonly string[] ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public LinuxSandboxSecurityContext BuildSandbox()
    {
        var security = pod.Security;
        var context = new LinuxSandboxSecurityContext
        {
            NamespaceOptions = Namespaces(),
            Privileged = pod.InitContainers.Concat(pod.Containers).Any(container => container.Security.Privileged),
            Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
            SupplementalGroupsPolicy = GroupsPolicy,
            SelinuxOptions = SeLinux(security.SeLinux),
        };
        if (security.RunAsUser is { } user)
        {
            context.RunAsUser = new Int64Value { Value = user };
            context.RunAsGroup = security.RunAsGroup is { } group ? new Int64Value { Value = group } : null;
        }

        context.SupplementalGroups.AddRange(Groups());
        return context;
    }

    /// <param name="image">The image as the runtime has it: it states the user when the manifest does not.</param>
    /// <exception cref="CliException">The container must not run as root, but would.</exception>
    public LinuxContainerSecurityContext BuildContainer(ContainerManifest container, Image image)
    {
        var own = container.Security;
        long? user = own.RunAsUser ?? pod.Security.RunAsUser;
        if (own.RunAsNonRoot ?? pod.Security.RunAsNonRoot ?? false)
            CheckNonRoot(container.Name, user, image);

        var context = new LinuxContainerSecurityContext
        {
            Privileged = own.Privileged,
            NamespaceOptions = Namespaces(),
            ReadonlyRootfs = own.ReadOnlyRootFilesystem,
            NoNewPrivs = own.AllowPrivilegeEscalation == false,
            SupplementalGroupsPolicy = GroupsPolicy,
            Seccomp = Profile(own.Seccomp ?? pod.Security.Seccomp, local => Path.Combine(paths.SeccompProfiles, local)) ?? Unconfined,
            Apparmor = Profile(own.AppArmor ?? pod.Security.AppArmor, local => local),
            SelinuxOptions = SeLinux(own.SeLinux ?? pod.Security.SeLinux),
            RunAsUser = user is { } id ? new Int64Value { Value = id } : image.Uid,
            RunAsUsername = user is null && image.Uid is null ? image.Username : "",
            RunAsGroup = (own.RunAsGroup ?? pod.Security.RunAsGroup) is { } group ? new Int64Value { Value = group } : null,
        };
        context.SupplementalGroups.AddRange(Groups());

        if (own.AddedCapabilities.Count > 0 || own.DroppedCapabilities.Count > 0)
            context.Capabilities = new Capability { AddCapabilities = { own.AddedCapabilities }, DropCapabilities = { own.DroppedCapabilities } };

        if (own.ProcMount == "Default")
        {
            context.MaskedPaths.AddRange(MaskedPaths);
            context.ReadonlyPaths.AddRange(ReadonlyPaths);
        }

        return context;
    }

    private static SecurityProfile Unconfined => new() { ProfileType = SecurityProfile.Types.ProfileType.Unconfined };

    private SupplementalGroupsPolicy GroupsPolicy =>
        pod.Security.SupplementalGroupsPolicy == "Strict" ? SupplementalGroupsPolicy.Strict : SupplementalGroupsPolicy.Merge;

    private static void CheckNonRoot(string container, long? user, Image image)
    {
        string what = $"create container {container}";
        if (user is not null)
        {
            if (user == 0)
                throw new CliException(what, "runAsNonRoot is true, and runAsUser is 0", "state another runAsUser");

            return;
        }

        if (image.Uid is { Value: 0 })
            throw new CliException(what, "runAsNonRoot is true, and its image runs as root", "state a runAsUser");

        if (image.Uid is null && image.Username.Length > 0)
        {
            throw new CliException(what, $"runAsNonRoot is true, and its image's user \"{image.Username}\" has no number to tell that it is not root",
                "state a runAsUser");
        }
    }

    private NamespaceOption Namespaces() => new()
    {
        Network = pod.HostNetwork ? NamespaceMode.Node : NamespaceMode.Pod,
        Ipc = pod.HostIpc ? NamespaceMode.Node : NamespaceMode.Pod,
        Pid = pod.HostPid ? NamespaceMode.Node : pod.ShareProcessNamespace ? NamespaceMode.Pod : NamespaceMode.Container,
    };

    private IEnumerable<long> Groups() =>
        pod.Security.FsGroup is { } fsGroup ? pod.Security.SupplementalGroups.Prepend(fsGroup).Distinct() : pod.Security.SupplementalGroups;

    private static SecurityProfile? Profile(ProfileManifest? profile, Func<string, string> reference) => profile?.Type switch
    {
        null => null,
        "RuntimeDefault" => new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
        "Localhost" => new SecurityProfile
        {
            ProfileType = SecurityProfile.Types.ProfileType.Localhost,
            LocalhostRef = reference(profile.LocalhostProfile),
        },
        _ => Unconfined,
    };

    private static SELinuxOption? SeLinux(SeLinuxManifest? options) => options is null
        ? null
        : new SELinuxOption { User = options.User, Role = options.Role, Type = options.Type, Level = options.Level };
}
