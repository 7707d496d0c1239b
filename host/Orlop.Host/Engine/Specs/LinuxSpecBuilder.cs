using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Specs;

/// <summary>Turns a request, its image and its pod into an OCI spec for Linux.</summary>
internal sealed class LinuxSpecBuilder(SeccompProfiles seccomp)
{
    /// <param name="request">What was asked for.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="image">Its image.</param>
    /// <param name="pod">Its pod.</param>
    /// <param name="sandbox">What its containers share.</param>
    /// <param name="targetProcess">The process whose PID namespace is joined, for <see cref="NamespaceMode.Target"/>.</param>
    public Spec Build(ContainerRequest request, string id, Image image, SandboxSpec pod, ISandbox sandbox, int? targetProcess)
    {
        var security = request.Security;
        var defaults = image.Configuration.Config;
        var capabilities = security.Privileged ? Capabilities.All : Capabilities.Resolve(security.AddCapabilities, security.DropCapabilities);
        IReadOnlyList<string> ambient = [.. security.AmbientCapabilities.Select(Capabilities.Normalise)];

        return new Spec
        {
            Process = new Process
            {
                Terminal = request.Terminal,
                Args = ProcessArguments.Command(request, defaults),
                Env = ProcessArguments.Environment(request, defaults, pod.Hostname),
                Cwd = ProcessArguments.WorkingDirectory(request, defaults),
                Capabilities = new LinuxCapabilities
                {
                    Bounding = [.. capabilities.Union(ambient)],
                    Effective = [.. capabilities.Union(ambient)],
                    Permitted = [.. capabilities.Union(ambient)],
                    // Kept empty unless ambient ones are asked for: an inheritable set outlives a change of user.
                    Inheritable = ambient,
                    Ambient = ambient,
                },
                NoNewPrivileges = security.NoNewPrivileges,
                OomScoreAdj = (int)request.Resources.OomScoreAdjust,
                ApparmorProfile = security.Privileged ? null : ApparmorProfile(security.Apparmor),
            },
            Root = new Root { Readonly = security.ReadOnlyRootfs },
            Mounts = LinuxMounts.Build(request, sandbox.SharedMounts),
            Annotations = Annotations(request, image, pod),
            Linux = new Linux
            {
                CgroupsPath = pod.CgroupParent.Length > 0 ? $"{pod.CgroupParent.TrimEnd('/')}/{id}" : null,
                Namespaces = Namespaces(security, sandbox, targetProcess),
                Resources = LinuxResources.Build(request.Resources, security.Privileged),
                Seccomp = security.Privileged ? null : seccomp.Resolve(security.Seccomp, capabilities, request.Name),
                MaskedPaths = security.Privileged ? null : security.MaskedPaths,
                ReadonlyPaths = security.Privileged ? null : security.ReadOnlyPaths,
                RootfsPropagation = RootPropagation(request.Mounts),
            },
        };
    }

    private static List<LinuxNamespace> Namespaces(SecurityRequest security, ISandbox sandbox, int? targetProcess)
    {
        List<LinuxNamespace> namespaces = [new() { Type = "mount" }, new() { Type = "cgroup" }];
        namespaces.AddRange(sandbox.Namespaces.Where(n => n.Type != "pid"));
        switch (security.Pid)
        {
            case NamespaceMode.Container:
                namespaces.Add(new() { Type = "pid" });
                break;
            case NamespaceMode.Pod when sandbox.Namespaces.FirstOrDefault(n => n.Type == "pid") is { } shared:
                namespaces.Add(shared);
                break;
            case NamespaceMode.Pod:
                namespaces.Add(new() { Type = "pid" });
                break;
            case NamespaceMode.Target:
                namespaces.Add(new() { Type = "pid", Path = $"/proc/{targetProcess}/ns/pid" });
                break;
            case NamespaceMode.Node:
                break;
        }

        return namespaces;
    }

    private static string? ApparmorProfile(SecurityProfile profile) => profile.Kind switch
    {
        SecurityProfileKind.Localhost => profile.Localhost,
        _ => null,
    };

    /// <summary>The root must pass on what a mount passes on: <c>rshared</c> for one bidirectional mount, else <c>rslave</c>.</summary>
    private static string? RootPropagation(IReadOnlyList<MountRequest> mounts) =>
        mounts.Any(m => m.Propagation == MountPropagation.Bidirectional) ? "rshared"
        : mounts.Any(m => m.Propagation == MountPropagation.HostToContainer) ? "rslave"
        : null;

    private static Dictionary<string, string> Annotations(ContainerRequest request, Image image, SandboxSpec pod) => new(StringComparer.Ordinal)
    {
        ["io.kubernetes.cri.container-type"] = "container",
        ["io.kubernetes.cri.container-name"] = request.Name,
        ["io.kubernetes.cri.image-name"] = image.RepoTags.FirstOrDefault() ?? request.Image,
        ["io.kubernetes.cri.sandbox-id"] = pod.Id,
        ["io.kubernetes.cri.sandbox-name"] = pod.Name,
        ["io.kubernetes.cri.sandbox-namespace"] = pod.Namespace,
        ["io.kubernetes.cri.sandbox-uid"] = pod.Uid,
    };
}
