namespace Orlop.Cni.Namespaces;

/// <summary>What the runtime itself does with a pod's network namespace; the rest is the plugins'.</summary>
internal interface INetworkNamespaces
{
    /// <summary>Brings the loopback interface up; does nothing where it is up already.</summary>
    /// <returns>The namespace's identity, which no other namespace has as long as this one lives.</returns>
    /// <exception cref="Abstractions.Errors.RuntimeException">The path is no network namespace, or the kernel refuses.</exception>
    Task<string> BringLoopbackUpAsync(string path, CancellationToken cancellationToken);

    /// <summary>The identity of the namespace that a path leads to now; null when it leads to none.</summary>
    Task<string?> IdentifyAsync(string path, CancellationToken cancellationToken);
}
