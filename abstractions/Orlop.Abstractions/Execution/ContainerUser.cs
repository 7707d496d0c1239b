namespace Orlop.Abstractions.Execution;

/// <summary>Who a container's first process is; CRI <c>LinuxContainerUser</c>.</summary>
/// <param name="Uid">User id inside the container.</param>
/// <param name="Gid">Primary group id.</param>
/// <param name="SupplementalGroups">Supplementary groups, the primary one among them, in ascending order.</param>
public sealed record ContainerUser(long Uid, long Gid, IReadOnlyList<long> SupplementalGroups);
