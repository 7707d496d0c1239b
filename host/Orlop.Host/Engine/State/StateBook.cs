using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orlop.Abstractions.Records;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.State;

/// <summary>The engine's state: on record first, then visible. Each entry has one writer, the actor of its pod.</summary>
internal sealed class StateBook(IRecordStore records, ILogger<StateBook> logger)
{
    private const string SandboxPrefix = "sandbox/";
    private const string ContainerPrefix = "container/";

    private RuntimeSnapshot _current = RuntimeSnapshot.Empty;

    /// <summary>What readers see now.</summary>
    public RuntimeSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Reads what an earlier process left. A record that cannot be read costs that one object, never the start (R12).</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var sandboxes = await ReadAsync(SandboxPrefix, EngineJson.Default.SandboxEntry, cancellationToken);
        var containers = await ReadAsync(ContainerPrefix, EngineJson.Default.ContainerEntry, cancellationToken);
        Publish(_ => RuntimeSnapshot.Empty with
        {
            Sandboxes = RuntimeSnapshot.Empty.Sandboxes.AddRange(sandboxes.Select(s => KeyValuePair.Create(s.Id, s))),
            Containers = RuntimeSnapshot.Empty.Containers.AddRange(containers.Select(c => KeyValuePair.Create(c.Id, c))),
        });
    }

    public async Task PutAsync(SandboxEntry entry)
    {
        await CommitAsync(new RecordChanges().Put(SandboxPrefix + entry.Id, JsonSerializer.SerializeToUtf8Bytes(entry, EngineJson.Default.SandboxEntry)));
        Publish(s => s with { Sandboxes = s.Sandboxes.SetItem(entry.Id, entry) });
    }

    public async Task PutAsync(ContainerEntry entry)
    {
        await CommitAsync(new RecordChanges().Put(ContainerPrefix + entry.Id, JsonSerializer.SerializeToUtf8Bytes(entry, EngineJson.Default.ContainerEntry)));
        Publish(s => s with { Containers = s.Containers.SetItem(entry.Id, entry) });
    }

    public async Task DeleteSandboxAsync(string id)
    {
        await CommitAsync(new RecordChanges().Delete(SandboxPrefix + id));
        Publish(s => s with { Sandboxes = s.Sandboxes.Remove(id) });
    }

    public async Task DeleteContainerAsync(string id)
    {
        await CommitAsync(new RecordChanges().Delete(ContainerPrefix + id));
        Publish(s => s with { Containers = s.Containers.Remove(id) });
    }

    // Not cancellable: a caller that goes away must not leave state that is neither on record nor visible.
    private async Task CommitAsync(RecordChanges changes) => await records.CommitAsync(changes, Durability.Process, CancellationToken.None);

    private void Publish(Func<RuntimeSnapshot, RuntimeSnapshot> change)
    {
        RuntimeSnapshot seen;
        do
        {
            seen = Current;
        }
        while (Interlocked.CompareExchange(ref _current, change(seen), seen) != seen);
    }

    private async Task<List<T>> ReadAsync<T>(string prefix, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var entries = new List<T>();
        foreach (var record in await records.ListAsync(prefix, cancellationToken))
        {
            try
            {
                entries.Add(JsonSerializer.Deserialize(record.Value, type) ?? throw new JsonException("the record is null"));
            }
            catch (JsonException e)
            {
                StateLog.RecordQuarantined(logger, record.Key, e);
                await records.CommitAsync(
                    new RecordChanges().Delete(record.Key).Put($"quarantine/{record.Key}", record.Value), Durability.Process, cancellationToken);
            }
        }

        return entries;
    }
}
