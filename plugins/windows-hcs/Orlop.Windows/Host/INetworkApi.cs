namespace Orlop.Windows.Host;

/// <summary>Network namespaces of HNS. All errors are <see cref="Interop.HcsException"/>s.</summary>
internal interface INetworkApi
{
    Task CreateNamespaceAsync(Guid id);

    Task<bool> NamespaceExistsAsync(Guid id);

    /// <summary>Deletes it; no error when there is none.</summary>
    Task DeleteNamespaceAsync(Guid id);
}
