using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Records;
using Orlop.Layers.Digests;

namespace Orlop.Registry.Store;

/// <summary>Pulls that run, and pulls that were cut off less than a day ago: durable, so that a restart loses nothing that was fetched.</summary>
internal sealed class PullLedger(IRecordStore records, StoreGate gate, TimeProvider time, ILogger<PullLedger> logger)
{
    /// <summary>How long what a failed pull fetched is kept for the next attempt.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private const string Prefix = "pull/";

    private readonly StoreGate _gate = gate;
    private readonly ConcurrentDictionary<string, PullRecord> _pulls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _active = new(StringComparer.Ordinal); // guarded by the gate

    /// <summary>What pulls need, as roots for the collector.</summary>
    public IEnumerable<PullRecord> Records => _pulls.Values;

    /// <summary>Reads what the last run left. Called once.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, value) in await records.ListAsync(Prefix, cancellationToken))
        {
            try
            {
                _pulls[key] = JsonSerializer.Deserialize(value, StoreJson.Default.PullRecord) ?? throw new JsonException("null");
            }
            catch (JsonException e)
            {
                logger.RecordUnreadable(key, e);
                await records.CommitAsync(new RecordChanges().Delete(key), Durability.Process, cancellationToken);
            }
        }
    }

    /// <summary>Begins a pull, or joins one of the same content.</summary>
    /// <param name="reference">The image.</param>
    /// <param name="manifest">What it resolved to.</param>
    /// <param name="blobs">What it will look for or fetch.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ActivePull> BeginAsync(string reference, Digest manifest, IReadOnlyList<string> blobs, CancellationToken cancellationToken)
    {
        string key = $"{Prefix}{Digest.Of(Encoding.UTF8.GetBytes($"{reference} {manifest}")).Hex}";
        using var held = await _gate.EnterAsync(cancellationToken);
        var record = new PullRecord(reference, time.GetUtcNow(), blobs, _pulls.GetValueOrDefault(key)?.Chains ?? []);
        await PutAsync(key, record);
        _active[key] = _active.GetValueOrDefault(key) + 1;
        return new ActivePull(this, key);
    }

    /// <summary>Forgets pulls that nobody has tried again for a day. The caller holds the gate.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, record) in _pulls)
        {
            if (_active.ContainsKey(key) || time.GetUtcNow() - record.At < Patience)
                continue;
            await records.CommitAsync(new RecordChanges().Delete(key), Durability.Process, cancellationToken);
            _pulls.TryRemove(key, out _);
        }
    }

    private async Task PutAsync(string key, PullRecord record)
    {
        await records.CommitAsync(new RecordChanges().Put(key, JsonSerializer.SerializeToUtf8Bytes(record, StoreJson.Default.PullRecord)), Durability.Process, CancellationToken.None);
        _pulls[key] = record;
    }

    /// <summary>One caller's part in a pull. Disposed without success, the record stays for the next attempt.</summary>
    internal sealed class ActivePull(PullLedger ledger, string key) : IAsyncDisposable
    {
        private bool _succeeded;

        public string Key => key;

        /// <summary>Adds the layers, once the configuration has named them.</summary>
        public async Task AddChainsAsync(IReadOnlyList<string> chains, CancellationToken cancellationToken)
        {
            using var held = await ledger._gate.EnterAsync(cancellationToken);
            await ledger.PutAsync(key, ledger._pulls[key] with { Chains = chains });
        }

        /// <summary>The image refers to everything now.</summary>
        public void Succeed() => _succeeded = true;

        public async ValueTask DisposeAsync()
        {
            using var held = await ledger._gate.EnterAsync(CancellationToken.None);
            bool isLast = --ledger._active[key] == 0;
            if (isLast)
                ledger._active.Remove(key);
            if (isLast && _succeeded)
                ledger._pulls.TryRemove(key, out _);
        }
    }
}
