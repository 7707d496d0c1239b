using System.Text;
using Orlop.Layers;
using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Trees;

namespace Orlop.Snapshots.Extraction;

internal sealed partial class LayerExtractor
{
    // What this layer itself has put in place: whiteouts hide only what is below, wherever in the archive they are.
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    private void MarkWritten(ReadOnlySpan<byte> path)
    {
        if (whiteouts == WhiteoutMode.Remove)
            _written.Add(Encoding.Latin1.GetString(path));
    }

    private bool TryWhiteout(ReadOnlySpan<byte> folderPath, ReadOnlySpan<byte> name)
    {
        if (!name.StartsWith(".wh."u8))
            return false;
        if (name.SequenceEqual(".wh..wh..opq"u8))
        {
            HideAll(folderPath);
            return true;
        }

        var hidden = name[".wh.".Length..];
        if (hidden.StartsWith(".wh."u8))
            return true; // aufs kept its own files under such names
        if (hidden.IsEmpty || hidden is [(byte)'.'] or [(byte)'.', (byte)'.'])
            throw new LayerFormatException("it is a whiteout of no name");
        Hide(folderPath, hidden);
        return true;
    }

    private void Hide(ReadOnlySpan<byte> folderPath, ReadOnlySpan<byte> name)
    {
        if (whiteouts == WhiteoutMode.Overlay)
        {
            var folder = layer.OpenFolder(folderPath);
            if (!FileSystem.TryStatus(folder, name, out var present))
                Whiteout.Make(folder, name);
            else if (present.IsDirectory)
                Whiteout.MakeOpaque(folder, name); // this layer's own folder replaces the one below
        }
        else if (whiteouts == WhiteoutMode.Remove)
        {
            using var folder = layer.TryOpenFolder(folderPath);
            if (folder is not null)
                RemoveLower(folder, folderPath, name);
        }
    }

    private void HideAll(ReadOnlySpan<byte> folderPath)
    {
        if (whiteouts == WhiteoutMode.Overlay)
        {
            Whiteout.MakeOpaque(layer.OpenFolder(folderPath));
        }
        else if (whiteouts == WhiteoutMode.Remove)
        {
            using var folder = layer.TryOpenFolder(folderPath);
            if (folder is null)
                return;
            foreach (byte[] child in FolderNames.Read(folder))
                RemoveLower(folder, folderPath, child);
        }
    }

    private void RemoveLower(SafeFileDescriptor folder, ReadOnlySpan<byte> folderPath, ReadOnlySpan<byte> name)
    {
        byte[] path = folderPath.IsEmpty ? name.ToArray() : [.. folderPath, (byte)'/', .. name];
        string key = Encoding.Latin1.GetString(path);
        if (!_written.Contains(key) && !_written.Any(other => IsBelow(other, key)))
        {
            layer.Forget();
            TreeRemover.Remove(folder, name);
            return;
        }

        if (!FileSystem.TryStatus(folder, name, out var status) || !status.IsDirectory)
            return;
        using var child = FileSystem.Open(folder, name, OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow);
        foreach (byte[] grandchild in FolderNames.Read(child))
            RemoveLower(child, path, grandchild);
    }

    private static bool IsBelow(string path, string folder) =>
        path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal);
}
