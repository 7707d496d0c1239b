using System.Collections.Concurrent;
using System.Globalization;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;

namespace Vendor.Plugin;

/// <summary>Counts in the background what layers and root file systems take on disk: the kubelet asks for it often.</summary>
internal sealed class Usage(LayerBook book, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, FilesystemUsage> _counted = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private Task _counting = Task.CompletedTask;

    /// <summary>What everything takes; nothing before the first count.</summary>
    public FilesystemUsage Total { get; private set; } = new(time.GetUtcNow(), book.Folder, 0, 0);

    /// <summary>What one root file system takes; null before it is counted.</summary>
    public FilesystemUsage? Of(string key) => _counted.GetValueOrDefault(key);

    public void Forget(string key) => _counted.TryRemove(key, out _);

    /// <summary>Begins to count.</summary>
    /// <param name="folders">The writable folder of each root file system.</param>
    public void Start(Func<IReadOnlyDictionary<string, string>> folders) => _counting = CountAsync(folders, _stopping.Token);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it ends by the cancellation
    }

    public void Dispose() => _stopping.Dispose();

    private async Task CountAsync(Func<IReadOnlyDictionary<string, string>> folders, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            Total = await TryCountAsync(book.Folder, cancellationToken) ?? Total;
            foreach (var (key, folder) in folders())
            {
                if (await TryCountAsync(folder, cancellationToken) is { } counted && folders().ContainsKey(key))
                    _counted[key] = counted;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Null where files come and go under the count; the next one is a minute away.</summary>
    private async Task<FilesystemUsage?> TryCountAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            return new FilesystemUsage(time.GetUtcNow(), book.Folder, await SumAsync("--block-size=1"), await SumAsync("--inodes"));
        }
        catch (RuntimeException)
        {
            return null;
        }

        async Task<long> SumAsync(string unit) => long.Parse((await Programs.OutputOfAsync("du", ["--summarize", unit, folder], cancellationToken)).Split('\t')[0], CultureInfo.InvariantCulture);
    }
}
