using System.Collections.Concurrent;
using Orlop.Abstractions.Images;

namespace Orlop.Registry.Pull;

/// <summary>Counts one pull's progress; never goes back (R20).</summary>
internal sealed class PullProgressCounter(IProgress<PullProgress>? listener)
{
    private const long Step = 1 << 20; // how many bytes make a report

    private readonly ConcurrentDictionary<string, long> _blobs = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _fetched;
    private long _received;
    private long _reported;
    private long _total;
    private int _unpacked;
    private int _layers;

    /// <summary>Bytes that came over the network in this pull.</summary>
    public long Received => Interlocked.Read(ref _received);

    public void Expect(long totalBytes, int totalLayers)
    {
        lock (_gate)
        {
            _total = totalBytes;
            _layers = totalLayers;
            Report();
        }
    }

    /// <summary>So much of a blob is here.</summary>
    public void Fetched(string digest, long bytes)
    {
        lock (_gate)
        {
            long known = _blobs.GetValueOrDefault(digest);
            if (bytes <= known)
                return;
            _blobs[digest] = bytes;
            _fetched += bytes - known;
            if (_fetched - _reported >= Step || _fetched >= _total)
                Report();
        }
    }

    public void ReceivedFromNetwork(int bytes) => Interlocked.Add(ref _received, bytes);

    public void LayerUnpacked()
    {
        lock (_gate)
        {
            _unpacked++;
            Report();
        }
    }

    private void Report()
    {
        _reported = _fetched;
        listener?.Report(new PullProgress(_fetched, _total, _unpacked, _layers));
    }
}
