using Orlop.Linux.Syscalls;
using Orlop.PluginContracts;
using Orlop.Snapshots.Trees;

namespace Orlop.Registry.Tests.Support;

/// <summary>A plugin's folder and records as they lay just before each of its commits: what a host leaves that is killed there.</summary>
internal sealed class Moments : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lock _gate = new();
    private readonly List<(string Folder, MemoryRecordStore Records)> _all = [];

    public IReadOnlyList<(string Folder, MemoryRecordStore Records)> All => _all;

    /// <summary>Keeps each moment from now on.</summary>
    public void Watch(string folder, MemoryRecordStore records) => records.Committing = _ => Take(folder, records);

    /// <summary>Keeps this moment.</summary>
    public void Take(string folder, MemoryRecordStore records)
    {
        lock (_gate)
        {
            var kept = new MemoryRecordStore();
            foreach (string key in records.Keys)
                kept[key] = records[key];
            _all.Add((CopyOf(folder), kept));
        }
    }

    public void Dispose() => _folder.Dispose();

    private string CopyOf(string folder)
    {
        while (true)
        {
            string copy = _folder[Guid.NewGuid().ToString("n")];
            Directory.CreateDirectory(copy);
            try
            {
                TreeCopier.Copy(folder, copy, CancellationToken.None);
                return copy;
            }
            catch (SyscallException e) when (e.Errno == Errno.ENOENT)
            {
                // A blob that is fetched beside was renamed into its place.
            }
        }
    }
}
