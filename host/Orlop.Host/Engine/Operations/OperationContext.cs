namespace Orlop.Host.Engine.Operations;

/// <summary>What a running operation works with.</summary>
/// <param name="Trace">Its phases.</param>
/// <param name="Token">Cancelled at its deadline, by a changed request that replaces it, and when the host stops. Not by a caller that goes away (R1).</param>
internal sealed record OperationContext(OperationTrace Trace, CancellationToken Token);
