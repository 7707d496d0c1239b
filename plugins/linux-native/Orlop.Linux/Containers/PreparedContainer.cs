using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Mounting;
using Orlop.Linux.Programs;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Containers;

/// <summary>A container up to its process: consumed by the start.</summary>
/// <param name="Plan">What its program is built from.</param>
/// <param name="LogFolder">Where its log goes; null without a log.</param>
/// <param name="Volumes">Clean paths that mounts will hide.</param>
internal sealed record PreparedContainer(ContainerPlan Plan, SafeFileDescriptor? LogFolder, IReadOnlyList<string> Volumes) : IDisposable
{
    public void Dispose()
    {
        Plan.Dispose();
        LogFolder?.Dispose();
    }
}

/// <summary>What a thread opened on the node for one container.</summary>
internal sealed record OpenedPaths(
    IReadOnlyList<PlannedMount> Mounts, IReadOnlyList<(LinuxDevice Device, DeviceRule Rule)> Devices, IReadOnlyList<MaskedPath> Masked, SafeFileDescriptor? LogFolder) : IDisposable
{
    public void Dispose()
    {
        LogFolder?.Dispose();
        foreach (PlannedMount mount in Mounts)
            foreach ((_, HostMount tree) in mount.Trees) tree.Dispose();
    }
}
