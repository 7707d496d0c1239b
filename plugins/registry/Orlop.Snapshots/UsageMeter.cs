using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Images;
using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Trees;

namespace Orlop.Snapshots;

/// <summary>Counts what writable layers take, in the background and only as long as somebody asks.</summary>
internal sealed class UsageMeter(string snapshotter, string mountpoint, TimeProvider time, ILogger logger)
{
    /// <summary>How often a count that is asked for is renewed; the kubelet asks every 10 s.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private volatile bool _allAsked = true; // the first round counts everything

    /// <summary>The last count; null when there was none yet.</summary>
    public FilesystemUsage? Of(string key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return null;
        entry.Asked = true;
        return entry.Last;
    }

    /// <summary>The sum of the last counts.</summary>
    public TreeUsage Total()
    {
        _allAsked = true;
        var total = default(TreeUsage);
        foreach (var entry in _entries.Values)
        {
            if (entry.Last is { } last)
                total += new TreeUsage(last.UsedBytes, last.Inodes);
        }

        return total;
    }

    /// <param name="key">The snapshot.</param>
    /// <param name="folder">Its writable layer.</param>
    /// <param name="known">What it takes now, where that is known.</param>
    public void Add(string key, string folder, TreeUsage? known) =>
        _entries[key] = new Entry(folder) { Last = known is { } usage ? At(usage) : null };

    public void Remove(string key) => _entries.TryRemove(key, out _);

    /// <summary>Counts until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await CountAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Counts once what was asked for since the last time.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        bool all = _allAsked;
        _allAsked = false;
        foreach (var (key, entry) in _entries)
        {
            if (!all && !entry.Asked)
                continue;
            entry.Asked = false;
            try
            {
                entry.Last = At(await Task.Run(() => TreeUsage.Of(entry.Folder, cancellationToken), cancellationToken));
            }
            catch (SyscallException e)
            {
                logger.UsageFailed(snapshotter, key, e);
            }
        }
    }

    private FilesystemUsage At(TreeUsage usage) => new(time.GetUtcNow(), mountpoint, usage.Bytes, usage.Inodes);

    private sealed class Entry(string folder)
    {
        private volatile FilesystemUsage? _last;
        private volatile bool _asked;

        public string Folder => folder;

        public FilesystemUsage? Last
        {
            get => _last;
            set => _last = value;
        }

        public bool Asked
        {
            get => _asked;
            set => _asked = value;
        }
    }
}
