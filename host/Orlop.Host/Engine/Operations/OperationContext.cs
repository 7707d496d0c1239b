using Orlop.Abstractions.Errors;

namespace Orlop.Host.Engine.Operations;

/// <summary>What a running operation works with.</summary>
/// <param name="Trace">Its phases.</param>
/// <param name="Callers">Those who wait for its result.</param>
/// <param name="Clock">The time.</param>
/// <param name="Token">Cancelled at its deadline, by a changed request that replaces it, and when the host stops. Not by a caller that goes away (R1).</param>
internal sealed record OperationContext(OperationTrace Trace, Callers Callers, TimeProvider Clock, CancellationToken Token)
{
    /// <summary>How long a finished object waits for somebody to take it.</summary>
    private static readonly TimeSpan ClaimPatience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The last step before a new object becomes visible: somebody must take it. Where the caller has gone, its retry finds the object
    /// finished; without one, the operation fails and undoes itself, because nobody knows the object's id.
    /// </summary>
    public async Task ClaimAsync()
    {
        if (Callers.AnyWaits) return;

        using var phase = Trace.Begin("claim");
        phase.Note("its caller went away");
        try
        {
            await Callers.Arrival.WaitAsync(ClaimPatience, Clock, Token);
        }
        catch (TimeoutException e)
        {
            throw new RuntimeException(
                ErrorKind.Cancelled, $"{Trace.Key}: its caller went away and nobody asked again within {ClaimPatience.TotalSeconds:0} s; it is taken back", e);
        }
    }
}
