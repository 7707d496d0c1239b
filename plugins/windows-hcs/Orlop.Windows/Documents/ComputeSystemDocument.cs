namespace Orlop.Windows.Documents;

/// <summary>What HcsCreateComputeSystem gets; <c>ComputeSystem</c> of HCS schema 2.1. Property names are the schema's own.</summary>
internal sealed record ComputeSystemDocument
{
    public required string Owner { get; init; }

    public SchemaVersion SchemaVersion { get; init; } = new(2, 1);

    public required ContainerDocument Container { get; init; }

    /// <summary>Whether the container ends with the process that holds its last handle. Ours outlive the daemon.</summary>
    public bool ShouldTerminateOnLastHandleClosed { get; init; }
}
