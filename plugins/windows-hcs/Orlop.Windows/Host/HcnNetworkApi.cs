using System.Runtime.Versioning;
using Orlop.Windows.Interop;
using Orlop.Windows.Interop.Network;

namespace Orlop.Windows.Host;

/// <summary>The host's own HNS.</summary>
[SupportedOSPlatform("windows")]
internal sealed class HcnNetworkApi : INetworkApi
{
    private const string HostNamespace = """{"SchemaVersion":{"Major":2,"Minor":0}}""";

    /// <inheritdoc/>
    public Task CreateNamespaceAsync(Guid id) => Task.Run(() => HcnNamespace.Create(id, HostNamespace));

    /// <inheritdoc/>
    public Task<bool> NamespaceExistsAsync(Guid id) => Task.Run(() => HcnNamespace.Exists(id));

    /// <inheritdoc/>
    public Task DeleteNamespaceAsync(Guid id) => Task.Run(() =>
    {
        try
        {
            HcnNamespace.Delete(id);
        }
        catch (HcsException e) when (e.Error == HcsError.NotFound)
        {
            return; // gone already, which is what was asked for
        }
    });
}
