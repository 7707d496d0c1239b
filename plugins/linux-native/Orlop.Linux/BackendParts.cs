using Microsoft.Extensions.Logging;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Containers;
using Orlop.Linux.Mounting;
using Orlop.Linux.Supervision;

namespace Orlop.Linux;

/// <summary>What all pods of the backend share.</summary>
internal sealed record BackendParts
{
    /// <summary>Holds a folder for each pod.</summary>
    public required string PodsFolder { get; init; }

    public required CgroupLayout Cgroups { get; init; }

    public required IdentityPlanner Identities { get; init; }

    public required ContainerPreparer Preparer { get; init; }

    public required SupervisorSpawner Spawner { get; init; }

    public required HostPathOpener HostPaths { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Cancelled when the host stops; pods go on.</summary>
    public required CancellationToken Stopping { get; init; }
}
