using Orlop.Abstractions.Errors;
using Orlop.Cri.V1;
using Orlop.Host.Engine.Model;
using Profile = Orlop.Host.Engine.Model.SecurityProfile;

namespace Orlop.Host.Cri.Mapping;

internal static class SecurityMapping
{
    public static SecurityRequest ToRequest(LinuxContainerSecurityContext? security)
    {
        if (security is null) return new SecurityRequest();
        return new SecurityRequest
        {
            AddCapabilities = [.. security.Capabilities?.AddCapabilities ?? []],
            DropCapabilities = [.. security.Capabilities?.DropCapabilities ?? []],
            AmbientCapabilities = [.. security.Capabilities?.AddAmbientCapabilities ?? []],
            Privileged = security.Privileged,
            Pid = NamespaceModes.Of("pid", security.NamespaceOptions?.Pid),
            TargetId = security.NamespaceOptions?.TargetId ?? "",
            RunAsUser = security.RunAsUser?.Value,
            RunAsGroup = security.RunAsGroup?.Value,
            RunAsUsername = security.RunAsUsername,
            ReadOnlyRootfs = security.ReadonlyRootfs,
            SupplementalGroups = [.. security.SupplementalGroups],
            StrictGroups = security.SupplementalGroupsPolicy == SupplementalGroupsPolicy.Strict,
            NoNewPrivileges = security.NoNewPrivs,
            MaskedPaths = [.. security.MaskedPaths],
            ReadOnlyPaths = [.. security.ReadonlyPaths],
#pragma warning disable CS0612 // Older kubelets send the fields that the newer ones replace.
            Seccomp = ToProfile(security.Seccomp, security.SeccompProfilePath),
            Apparmor = ToProfile(security.Apparmor, security.ApparmorProfile),
#pragma warning restore CS0612
        };
    }

    private static Profile ToProfile(Orlop.Cri.V1.SecurityProfile? profile, string deprecated)
    {
        if (profile is not null) return new Profile((SecurityProfileKind)profile.ProfileType, profile.LocalhostRef);
        return deprecated switch
        {
            "" or "unconfined" => Profile.Unconfined,
            "runtime/default" or "docker/default" => new Profile(SecurityProfileKind.RuntimeDefault),
            _ when deprecated.StartsWith("localhost/", StringComparison.Ordinal) => new Profile(SecurityProfileKind.Localhost, deprecated["localhost/".Length..]),
            _ => throw RuntimeException.InvalidArgument($"security profile \"{deprecated}\" is unknown; use runtime/default, unconfined or localhost/<path>"),
        };
    }
}
