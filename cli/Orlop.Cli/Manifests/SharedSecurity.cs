namespace Orlop.Cli.Manifests;

/// <summary>What both a pod's and a container's security context may state; null where they do not.</summary>
internal record SharedSecurity
{
    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public bool? RunAsNonRoot { get; init; }

    public ProfileManifest? Seccomp { get; init; }

    public ProfileManifest? AppArmor { get; init; }

    public SeLinuxManifest? SeLinux { get; init; }
}
