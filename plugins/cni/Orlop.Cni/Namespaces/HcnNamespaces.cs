namespace Orlop.Cni.Namespaces;

/// <summary>Windows: a namespace is a GUID of the host network service, has no loopback to bring up, and is never used again for another pod.</summary>
internal sealed class HcnNamespaces : INetworkNamespaces
{
    public Task<string> BringLoopbackUpAsync(string path, CancellationToken cancellationToken) => Task.FromResult(path);

    public Task<string?> IdentifyAsync(string path, CancellationToken cancellationToken) => Task.FromResult<string?>(path);
}
