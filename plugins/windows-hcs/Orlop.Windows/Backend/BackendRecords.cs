using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orlop.Abstractions.Records;

namespace Orlop.Windows.Backend;

/// <summary>The plugin's records, by id.</summary>
internal sealed class BackendRecords(IRecordStore store)
{
    private const string Sandboxes = "sandboxes/";
    private const string Containers = "containers/";

    public Task PutAsync(string sandboxId, SandboxState state) => PutAsync(Sandboxes + sandboxId, state, BackendJson.Default.SandboxState);

    public Task PutAsync(string containerId, ContainerState state) => PutAsync(Containers + containerId, state, BackendJson.Default.ContainerState);

    public Task DeleteSandboxAsync(string id) => CommitAsync(new RecordChanges().Delete(Sandboxes + id));

    public Task DeleteContainerAsync(string id) => CommitAsync(new RecordChanges().Delete(Containers + id));

    public Task<Dictionary<string, SandboxState>> SandboxesAsync(CancellationToken cancellationToken) =>
        ListAsync(Sandboxes, BackendJson.Default.SandboxState, cancellationToken);

    public Task<Dictionary<string, ContainerState>> ContainersAsync(CancellationToken cancellationToken) =>
        ListAsync(Containers, BackendJson.Default.ContainerState, cancellationToken);

    private Task PutAsync<T>(string key, T value, JsonTypeInfo<T> type) => CommitAsync(new RecordChanges().Put(key, JsonSerializer.SerializeToUtf8Bytes(value, type)));

    // What the records tell of exists already or is about to: a commit is never cancelled.
    private async Task CommitAsync(RecordChanges changes) => await store.CommitAsync(changes, Durability.Process, CancellationToken.None);

    private async Task<Dictionary<string, T>> ListAsync<T>(string prefix, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var record in await store.ListAsync(prefix, cancellationToken))
        {
            if (JsonSerializer.Deserialize(record.Value, type) is { } value) found[record.Key[prefix.Length..]] = value;
        }

        return found;
    }
}
