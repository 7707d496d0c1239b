using Orlop.Cli.Manifests.Yaml;

namespace Orlop.Cli.Manifests;

/// <summary>Reads the security contexts of pods and containers.</summary>
internal static class SecurityReader
{
    private const long LargestId = int.MaxValue;

    public static PodSecurity ReadPod(ManifestObject context)
    {
        context.Accept("fsGroupChangePolicy", "seLinuxChangePolicy");
        context.Refuse("it is for Windows nodes", "windowsOptions");

        var sysctls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var sysctl in context.Objects("sysctls"))
        {
            sysctls[sysctl.RequiredString("name")] = sysctl.String("value") ?? "";
            sysctl.Close();
        }

        var security = new PodSecurity
        {
            RunAsUser = context.Integer("runAsUser", 0, LargestId),
            RunAsGroup = context.Integer("runAsGroup", 0, LargestId),
            RunAsNonRoot = context.Boolean("runAsNonRoot"),
            Seccomp = ReadProfile(context, "seccompProfile"),
            AppArmor = ReadProfile(context, "appArmorProfile"),
            SeLinux = ReadSeLinux(context),
            SupplementalGroups = context.Integers("supplementalGroups", 0, LargestId),
            SupplementalGroupsPolicy = context.OneOf("supplementalGroupsPolicy", "Merge", "Strict") ?? "Merge",
            FsGroup = context.Integer("fsGroup", 0, LargestId),
            Sysctls = sysctls,
        };
        if (security.FsGroup is not null)
            context.Warning("fsGroup", "it is a supplemental group of the processes; the files of volumes keep their owners");

        CheckNonRoot(context, security);
        context.Close();
        return security;
    }

    public static ContainerSecurity ReadContainer(ManifestObject context)
    {
        context.Refuse("it is for Windows nodes", "windowsOptions");
        var capabilities = context.Object("capabilities");
        var security = new ContainerSecurity
        {
            RunAsUser = context.Integer("runAsUser", 0, LargestId),
            RunAsGroup = context.Integer("runAsGroup", 0, LargestId),
            RunAsNonRoot = context.Boolean("runAsNonRoot"),
            Seccomp = ReadProfile(context, "seccompProfile"),
            AppArmor = ReadProfile(context, "appArmorProfile"),
            SeLinux = ReadSeLinux(context),
            Privileged = context.Boolean("privileged") ?? false,
            ReadOnlyRootFilesystem = context.Boolean("readOnlyRootFilesystem") ?? false,
            AllowPrivilegeEscalation = context.Boolean("allowPrivilegeEscalation"),
            AddedCapabilities = capabilities?.Strings("add") ?? [],
            DroppedCapabilities = capabilities?.Strings("drop") ?? [],
            ProcMount = context.OneOf("procMount", "Default", "Unmasked") ?? "Default",
        };
        if (security is { AllowPrivilegeEscalation: false, Privileged: true })
            context.Error("allowPrivilegeEscalation", "it cannot be false together with privileged");

        CheckNonRoot(context, security);
        capabilities?.Close();
        context.Close();
        return security;
    }

    private static void CheckNonRoot(ManifestObject context, SharedSecurity security)
    {
        if (security is { RunAsNonRoot: true, RunAsUser: 0 })
            context.Error("runAsUser", "0 contradicts runAsNonRoot");
    }

    private static ProfileManifest? ReadProfile(ManifestObject context, string key)
    {
        if (context.Object(key) is not { } profile)
            return null;

        string type = profile.RequiredString("type");
        profile.OneOf("type", "RuntimeDefault", "Unconfined", "Localhost");
        string local = profile.String("localhostProfile") ?? "";
        if ((type == "Localhost") != (local.Length > 0))
            profile.Error("localhostProfile", "it belongs to the type Localhost, and only to that");

        if (key == "seccompProfile" && (local.StartsWith('/') || local.Split('/').Contains("..", StringComparer.Ordinal)))
            profile.Error("localhostProfile", $"\"{local}\" is not relative to the folder of the node's profiles");

        profile.Close();
        return new ProfileManifest(type, local);
    }

    private static SeLinuxManifest? ReadSeLinux(ManifestObject context)
    {
        if (context.Object("seLinuxOptions") is not { } options)
            return null;

        var result = new SeLinuxManifest(
            options.String("user") ?? "", options.String("role") ?? "", options.String("type") ?? "", options.String("level") ?? "");
        options.Close();
        return result;
    }
}
