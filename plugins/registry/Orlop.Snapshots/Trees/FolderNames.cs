using Orlop.Linux.Syscalls;

namespace Orlop.Snapshots.Trees;

/// <summary>The names in a folder, all at once: what is done with them may change the folder.</summary>
internal static class FolderNames
{
    /// <param name="folder">A folder; may be an <c>O_PATH</c> descriptor.</param>
    public static List<byte[]> Read(SafeFileDescriptor folder)
    {
        using var readable = FileSystem.Open(folder, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        var names = new List<byte[]>();
        Span<byte> buffer = new byte[1 << 15];
        var reader = new DirectoryReader(readable, buffer);
        while (reader.MoveNext())
            names.Add(reader.Current.Name.ToArray());
        return names;
    }
}
