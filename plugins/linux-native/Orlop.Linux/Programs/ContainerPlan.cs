using Orlop.Linux.Kernel;
using Orlop.Linux.Mounting;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>Everything that a container's program is built from. Holds what was opened for it.</summary>
internal sealed class ContainerPlan : IDisposable
{
    /// <summary>Where terminals are.</summary>
    public const string Pts = "/dev/pts";

    public required SafeFileDescriptor Root { get; init; }

    public required bool ReadOnlyRoot { get; init; }

    /// <summary>Whether mounts below the root pass on what happens; null for no.</summary>
    public required MountPropagation RootPropagation { get; init; }

    public required NamespacePlan Namespaces { get; init; }

    /// <summary>Descriptors for <see cref="NamespacePlan.Joined"/>, in its order.</summary>
    public required IReadOnlyList<SafeFileDescriptor> JoinedNamespaces { get; init; }

    public required SafeFileDescriptor? PidNamespace { get; init; }

    public required IReadOnlyList<PlannedMount> Mounts { get; init; }

    /// <summary>Null when <c>/dev</c> is a tree of the node, which is left alone.</summary>
    public required IReadOnlyList<DeviceNode>? Devices { get; init; }

    public required IReadOnlyList<MaskedPath> MaskedPaths { get; init; }

    public required IReadOnlyList<string> ReadOnlyPaths { get; init; }

    public required SafeFileDescriptor? NullFile { get; init; }

    public required SafeFileDescriptor? EmptyFolder { get; init; }

    public required IReadOnlyList<(string Path, string Value)> Sysctls { get; init; }

    public required string WorkingDirectory { get; init; }

    public required IdentityPlan Identity { get; init; }

    /// <summary>Null for pipes. Its devpts instance is among <see cref="Mounts"/>.</summary>
    public Terminal? Terminal { get; init; }

    public void Dispose()
    {
        Root.Dispose();
        Terminal?.Dispose();
        PidNamespace?.Dispose();
        NullFile?.Dispose();
        EmptyFolder?.Dispose();
        foreach (SafeFileDescriptor joined in JoinedNamespaces) joined.Dispose();
        foreach (PlannedMount mount in Mounts)
            foreach ((_, HostMount tree) in mount.Trees) tree.Dispose();
    }
}
