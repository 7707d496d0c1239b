using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Cgroups;

namespace Orlop.Linux.Kernel;

/// <summary>The security modules of the running kernel that processes get labels from.</summary>
/// <param name="Apparmor">Whether AppArmor is enabled.</param>
/// <param name="Selinux">Whether SELinux is enabled.</param>
/// <param name="ApparmorAttribute">The file that takes a profile.</param>
internal sealed record SecurityModules(bool Apparmor, bool Selinux, string ApparmorAttribute)
{
    private const string ExecAttribute = "/proc/self/attr/exec";
    private const string ApparmorExecAttribute = "/proc/self/attr/apparmor/exec"; // Linux 5.8: with several modules the other one is not AppArmor's

    public static SecurityModules Detect() => new(
        CgroupFile.TryRead("/sys/module/apparmor/parameters/enabled")?.StartsWith('Y') == true,
        CgroupFile.Exists("/sys/fs/selinux/enforce"),
        CgroupFile.Exists(ApparmorExecAttribute) ? ApparmorExecAttribute : ExecAttribute);

    /// <summary>What is written where before execve(2). A module that the kernel lacks labels nothing: the kubelet refuses such pods itself.</summary>
    public (string? Label, string File) LabelOf(Process process) =>
        Apparmor && process.ApparmorProfile is { Length: > 0 } profile ? ($"exec {profile}", ApparmorAttribute)
        : Selinux && process.SelinuxLabel is { Length: > 0 } label ? (label, ExecAttribute)
        : (null, ExecAttribute);
}
