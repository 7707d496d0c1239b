using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Orlop.Cni.Status;

/// <summary>
/// Waits for changes in a folder: at once by inotify, and by looking again after a while, because a watch can be lost (the folder is
/// replaced, the kernel's limit is reached, the file system is remote).
/// </summary>
internal sealed class FolderWatch(string path, TimeProvider time, ILogger log) : IDisposable
{
    // Writers rename a finished file into place or write in several steps: look when it is quiet, but not endlessly late.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);
    private const int LongestUnrest = 10;

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private FileSystemWatcher? _watcher;
    private bool _refused; // logged once

    /// <summary>Watches the folder anew, if it exists now.</summary>
    public void Arm()
    {
        _watcher?.Dispose();
        _watcher = null;
        if (!Directory.Exists(path))
        {
            return;
        }

        try
        {
            var watcher = new FileSystemWatcher(path)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            watcher.Created += (_, _) => Signal();
            watcher.Changed += (_, _) => Signal();
            watcher.Deleted += (_, _) => Signal();
            watcher.Renamed += (_, _) => Signal();
            watcher.Error += (_, _) => Signal();
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
            _refused = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (!_refused)
            {
                log.WatchRefused(path, e.Message);
            }

            _refused = true;
        }
    }

    /// <summary>Waits for a change, or for as long as said.</summary>
    /// <returns>True when the watch reported a change.</returns>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (!await ReadAsync(atMost, cancellationToken))
        {
            return false;
        }

        for (int unrest = 0; unrest < LongestUnrest && await ReadAsync(s_quiet, cancellationToken); unrest++)
        {
        }

        return true;
    }

    public void Dispose() => _watcher?.Dispose();

    private void Signal() => _changes.Writer.TryWrite(true);

    private async Task<bool> ReadAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var pause = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        try
        {
            return await _changes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
