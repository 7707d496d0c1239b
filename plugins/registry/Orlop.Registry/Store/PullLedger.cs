using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Records;
using Orlop.Layers.Digests;

namespace Orlop.Registry.Store;

/// <summary>Pulls that run, and pulls that were cut off less than a day ago: durable, so that a restart loses nothing that was fetched.</summary>
internal sealed class PullLedger(IRecordStore records, StoreGate gate, TimeProvider time, ILogger<PullLedger> logger)
{
    /// <summary>How long what a failed pull fetched is kept for the next attempt.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private const string Prefix = "pull/";

    private readonly IRecordStore _records = records;
    private readonly StoreGate _gate = gate;
    private readonly ILogger _logger = logger;
    private readonly ConcurrentDictionary<string, PullRecord> _pulls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _active = new(StringComparer.Ordinal); // guarded by the gate

    /// <summary>What pulls need, as roots for the collector.</summary>
    public IEnumerable<PullRecord> Records => _pulls.Values;

    /// <summary>Reads what the last run left. Called once.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, value) in await _records.ListAsync(Prefix, cancellationToken))
        {
            try
            {
                _pulls[key] = JsonSerializer.Deserialize(value, StoreJson.Default.PullRecord) ?? throw new JsonException("null");
            }
            catch (JsonException e)
            {
                _logger.RecordUnreadable(key, e);
                await _records.CommitAsync(new RecordChanges().Delete(key), Durability.Process, cancellationToken);
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
        string key = KeyOf(reference, manifest.ToString());
        using var held = await _gate.EnterAsync(cancellationToken);
        var record = new PullRecord(reference, time.GetUtcNow(), blobs, _pulls.GetValueOrDefault(key)?.Chains ?? []);
        await PutAsync(key, record);
        _active[key] = _active.GetValueOrDefault(key) + 1;
        return new ActivePull(this, key);
    }

    /// <summary>Keeps what is left of an image that is not whole any more, as if its pull had been cut off just now.</summary>
    /// <param name="image">The image.</param>
    /// <param name="changes">Committed in the same step.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task KeepAsync(ImageRecord image, RecordChanges changes, CancellationToken cancellationToken)
    {
        string key = KeyOf(image.Digests.Concat(image.Tags).FirstOrDefault(image.Id), image.Manifest);
        var record = new PullRecord(image.Id, time.GetUtcNow(), [.. image.Blobs()], image.Chains());
        await _records.CommitAsync(changes.Put(key, Serialize(record)), Durability.Process, cancellationToken);
        _pulls[key] = record;
    }

    /// <summary>
    /// Forgets with an image the pulls of its content that were cut off, also by a crash just after the image was there: what
    /// they keep is of no use to anybody else. The caller holds the gate.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="changes">Committed in the same step.</param>
    public async Task ForgetAsync(ImageRecord image, RecordChanges changes)
    {
        var blobs = image.Blobs().ToHashSet(StringComparer.Ordinal);
        var keys = _pulls.Where(p => !_active.ContainsKey(p.Key) && p.Value.Blobs.All(blobs.Contains)).Select(p => p.Key).ToList();
        foreach (string key in keys)
            changes.Delete(key);
        await _records.CommitAsync(changes, Durability.Power, CancellationToken.None);
        foreach (string key in keys)
            _pulls.TryRemove(key, out _);
    }

    /// <summary>Forgets pulls that nobody has tried again for a day. The caller holds the gate.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, record) in _pulls)
        {
            if (_active.ContainsKey(key) || time.GetUtcNow() - record.At < Patience)
                continue;
            await _records.CommitAsync(new RecordChanges().Delete(key), Durability.Process, cancellationToken);
            _pulls.TryRemove(key, out _);
        }
    }

    private async Task PutAsync(string key, PullRecord record)
    {
        await _records.CommitAsync(new RecordChanges().Put(key, Serialize(record)), Durability.Process, CancellationToken.None);
        _pulls[key] = record;
    }

    private static string KeyOf(string reference, string manifest) => $"{Prefix}{Digest.Of(Encoding.UTF8.GetBytes($"{reference} {manifest}")).Hex}";

    private static byte[] Serialize(PullRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, StoreJson.Default.PullRecord);

    /// <summary>One caller's part in a pull. Disposed without an end, the record stays for the next attempt.</summary>
    internal sealed class ActivePull(PullLedger ledger, string key) : IAsyncDisposable
    {
        private bool _ended;

        /// <summary>Adds the layers, once the configuration has named them.</summary>
        public async Task AddChainsAsync(IReadOnlyList<string> chains, CancellationToken cancellationToken)
        {
            using var held = await ledger._gate.EnterAsync(cancellationToken);
            await ledger.PutAsync(key, ledger._pulls[key] with { Chains = chains });
        }

        /// <summary>The image refers to everything now.</summary>
        public void Succeed() => _ended = true;

        /// <summary>What was fetched is not worth its place; the next collection removes it.</summary>
        public void Abandon() => _ended = true;

        public async ValueTask DisposeAsync()
        {
            using var held = await ledger._gate.EnterAsync(CancellationToken.None);
            bool isLast = --ledger._active[key] == 0;
            if (isLast)
                ledger._active.Remove(key);
            if (!isLast || !_ended)
                return;
            ledger._pulls.TryRemove(key, out _);
            try
            {
                await ledger._records.CommitAsync(new RecordChanges().Delete(key), Durability.Process, CancellationToken.None);
            }
            catch (RuntimeException e)
            {
                ledger._logger.PullNotForgotten(key, e); // the pull is over nevertheless; after a restart it counts as cut off
            }
        }
    }
}
