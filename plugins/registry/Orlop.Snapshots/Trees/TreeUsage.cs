using Orlop.Linux.Syscalls;

namespace Orlop.Snapshots.Trees;

/// <summary>What a tree takes on disk.</summary>
/// <param name="Bytes">Of all blocks, each file counted once.</param>
/// <param name="Inodes">Files and folders, the top included.</param>
internal readonly record struct TreeUsage(long Bytes, long Inodes)
{
    // Deeper folders count as themselves only: nothing that a container nests may exhaust the stack.
    private const int MaxDepth = 256;

    /// <summary>Counts. What disappears meanwhile is left out.</summary>
    public static TreeUsage Of(string path, CancellationToken cancellationToken)
    {
        using var top = FileSystem.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        var counter = new Counter(cancellationToken);
        counter.Add(FileSystem.Status(top));
        counter.Walk(top, 0);
        return new TreeUsage(counter.Bytes, counter.Inodes);
    }

    public static TreeUsage operator +(TreeUsage a, TreeUsage b) => new(a.Bytes + b.Bytes, a.Inodes + b.Inodes);

    private sealed class Counter(CancellationToken cancellationToken)
    {
        private readonly HashSet<ulong> _linked = [];

        public long Bytes { get; private set; }

        public long Inodes { get; private set; }

        public void Add(FileStatus status)
        {
            if (!status.IsDirectory && status.Links > 1 && !_linked.Add(status.Inode))
                return;
            Bytes += (long)status.Blocks * 512;
            Inodes++;
        }

        public void Walk(SafeFileDescriptor folder, int depth)
        {
            foreach (byte[] name in FolderNames.Read(folder))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!FileSystem.TryStatus(folder, name, out var status))
                    continue;
                Add(status);
                if (!status.IsDirectory || depth == MaxDepth)
                    continue;
                using var child = FileSystem.TryOpen(folder, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
                if (child is not null)
                    Walk(child, depth + 1);
            }
        }
    }
}
