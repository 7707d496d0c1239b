using Orlop.Cli.Hosting;
using Orlop.Cri.V1;

namespace Orlop.Cli.Client;

internal static class ContainerLife
{
    /// <summary>Whether a container may still write to its log: it has not ended, as far as one can tell.</summary>
    public static async Task<bool> MayStillWriteAsync(this CriClient cri, string id, CancellationToken cancellationToken)
    {
        try
        {
            var state = (await cri.ContainerStatusAsync(id, verbose: false, cancellationToken)).Status.State;
            return state is ContainerState.ContainerCreated or ContainerState.ContainerRunning;
        }
        catch (CliException failure) when (CriErrors.IsNotFound(failure))
        {
            return false;
        }
        catch (CliException failure) when (CriErrors.IsAway(failure))
        {
            return true; // containers and their logs outlive a restart of the daemon
        }
    }
}
