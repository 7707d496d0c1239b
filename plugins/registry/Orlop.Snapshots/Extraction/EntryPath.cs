using Orlop.Layers;

namespace Orlop.Snapshots.Extraction;

/// <summary>Names of entries as paths below the layer's root: no slash in front or at the end, no empty part, no <c>.</c> and no <c>..</c>.</summary>
internal static class EntryPath
{
    /// <summary>Cleans a name; the root is empty. An absolute name is relative to the root, as for every builder.</summary>
    /// <exception cref="LayerFormatException">The name leads out of the root, or holds a NUL.</exception>
    public static byte[] Clean(byte[] name) => Clean(name, stopsAtRoot: false);

    /// <param name="name">A name of an entry, or the target of a link from the root on.</param>
    /// <param name="stopsAtRoot">The root is its own parent, as it is for links; else a name that leads out is an error.</param>
    public static byte[] Clean(byte[] name, bool stopsAtRoot)
    {
        if (IsClean(name))
            return name;

        if (name.AsSpan().Contains((byte)0))
            throw new LayerFormatException("there is a NUL in its name");
        var clean = new byte[name.Length];
        int length = 0;
        foreach (var range in name.AsSpan().Split((byte)'/'))
        {
            var part = name.AsSpan(range);
            if (part.IsEmpty || part is [(byte)'.'])
                continue;
            if (part is [(byte)'.', (byte)'.'])
            {
                if (length == 0 && !stopsAtRoot)
                    throw new LayerFormatException("its name leads out of the image");
                length = Math.Max(0, clean.AsSpan(0, length).LastIndexOf((byte)'/'));
                continue;
            }

            if (length > 0)
                clean[length++] = (byte)'/';
            part.CopyTo(clean.AsSpan(length));
            length += part.Length;
        }

        return clean[..length];
    }

    /// <summary>The folder and the last part of a clean path.</summary>
    public static void Split(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> name)
    {
        int slash = path.LastIndexOf((byte)'/');
        folder = slash < 0 ? default : path[..slash];
        name = path[(slash + 1)..];
    }

    // The common case, without a copy: "usr/bin/env".
    private static bool IsClean(ReadOnlySpan<byte> name) =>
        name.Length > 0 && name[0] is not ((byte)'/' or (byte)'.') && name[^1] != '/'
        && name.IndexOf("//"u8) < 0 && name.IndexOf("/."u8) < 0 && !name.Contains((byte)0);
}
