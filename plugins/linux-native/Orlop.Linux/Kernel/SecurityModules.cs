using Orlop.Abstractions.Errors;
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

    /// <summary>What is written where before execve(2). Without SELinux its labels mean nothing, as everywhere else; a profile is a promise.</summary>
    /// <exception cref="RuntimeException">FailedPrecondition: an AppArmor profile on a kernel without AppArmor. The container would run unconfined.</exception>
    public (string? Label, string File) LabelOf(Process process)
    {
        if (process.ApparmorProfile is { Length: > 0 } profile)
        {
            return Apparmor
                ? ($"exec {profile}", ApparmorAttribute)
                : throw RuntimeException.FailedPrecondition($"the AppArmor profile '{profile}' cannot be applied: this kernel runs without AppArmor; boot it with apparmor=1 security=apparmor, or ask for no profile");
        }

        return Selinux && process.SelinuxLabel is { Length: > 0 } label ? (label, ExecAttribute) : (null, ExecAttribute);
    }
}
