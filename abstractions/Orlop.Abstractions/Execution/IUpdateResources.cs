using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Abstractions.Execution;

/// <summary>An <see cref="IContainer"/> whose limits can change while it lives.</summary>
public interface IUpdateResources
{
    /// <summary>Applies all of the new limits or none.</summary>
    /// <param name="resources">All limits as they are to be, not only the changed ones.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.RuntimeException"><see cref="Errors.ErrorKind.FailedPrecondition"/> when the memory limit is below what is in use.</exception>
    Task UpdateResourcesAsync(Resources resources, CancellationToken cancellationToken);
}
