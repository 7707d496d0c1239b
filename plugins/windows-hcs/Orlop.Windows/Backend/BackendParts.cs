using Microsoft.Extensions.Logging;
using Orlop.Windows.Compute;
using Orlop.Windows.Host;
using Orlop.Windows.Planning;

namespace Orlop.Windows.Backend;

/// <summary>What sandboxes and containers share.</summary>
internal sealed record BackendParts(
    WindowsSettings Settings,
    IComputeApi Compute,
    INetworkApi Network,
    ILayerApi Layers,
    IHostInfo Host,
    ContainerPlanner Planner,
    BackendRecords Records,
    StopPolicy Stop,
    TimeProvider Time,
    ILogger<WindowsBackend> Logger);
