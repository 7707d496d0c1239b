using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Orlop.Testing.Images;

/// <summary>One layer of a test image: a reproducible tar, compressed with gzip.</summary>
public sealed class ImageLayer
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private ImageLayer(byte[] content, string diffId, long size)
    {
        Content = content;
        ContentDigest = Digest(content);
        DiffId = diffId;
        Size = size;
    }

    private ImageLayer(byte[] tar)
    {
        DiffId = Digest(tar);
        Content = Gzip(tar);
        ContentDigest = Digest(Content);
        Size = tar.Length;
    }

    /// <summary>The compressed bytes, as a registry holds them.</summary>
    public byte[] Content { get; }

    /// <summary>The digest of <see cref="Content"/>.</summary>
    public string ContentDigest { get; }

    /// <summary>The digest of the uncompressed tar.</summary>
    public string DiffId { get; }

    /// <summary>Length of the uncompressed tar in bytes.</summary>
    public long Size { get; }

    /// <summary>Builds a layer from the entries that <paramref name="write"/> adds.</summary>
    public static ImageLayer Of(Action<Builder> write)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            write(new Builder(tar));
        }

        return new ImageLayer(stream.ToArray());
    }

    /// <summary>A layer of any bytes: <paramref name="content"/> as it is, said to unpack to <paramref name="diffId"/>.</summary>
    public static ImageLayer OfContent(byte[] content, string? diffId = null) => new(content, diffId ?? Digest(content), content.Length);

    /// <summary>A bomb: a file of zeros, compressed to a thousandth of its size. What it is said to unpack to is wrong.</summary>
    /// <param name="size">Bytes of the file, less than 8 GiB; a multiple of 64 MiB.</param>
    public static ImageLayer Bomb(long size)
    {
        const int part = 64 << 20;
        var bomb = new MemoryStream();
        bomb.Write(Gzip(Header("bomb", size)));
        var zeros = Gzip(new byte[part]);
        for (var written = 0L; written < size; written += part)
        {
            bomb.Write(zeros); // members of gzip follow each other (RFC 1952, 2.2)
        }

        return OfContent(bomb.ToArray());
    }

    internal static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    // The header of a plain file in the v7 format: name, mode, uid, gid, size, mtime, checksum, all in octal digits.
    private static byte[] Header(string name, long size)
    {
        var header = new byte[512];
        Put(0, name);
        Put(100, "0000644");
        Put(108, "0000000");
        Put(116, "0000000");
        Put(124, Convert.ToString(size, 8).PadLeft(11, '0'));
        Put(136, "00000000000");
        Put(148, "        ");
        header[156] = (byte)'0';
        Put(148, Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0') + "\0");
        return header;

        void Put(int at, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, at);
    }

    /// <summary>Adds entries to a layer; paths are relative to the root, parents come first.</summary>
    public sealed class Builder
    {
        private readonly TarWriter _tar;

        internal Builder(TarWriter tar) => _tar = tar;

        /// <summary>Adds a folder.</summary>
        public Builder Folder(string path, int mode = 0b111_101_101, int uid = 0, int gid = 0) =>
            Add(new PaxTarEntry(TarEntryType.Directory, path), mode, uid, gid);

        /// <summary>Adds a file with text.</summary>
        public Builder File(string path, string text, int mode = 0b110_100_100, int uid = 0, int gid = 0) =>
            File(path, Encoding.UTF8.GetBytes(text), mode, uid, gid);

        /// <summary>Adds a file with bytes.</summary>
        public Builder File(string path, byte[] content, int mode = 0b110_100_100, int uid = 0, int gid = 0) =>
            Add(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) }, mode, uid, gid);

        /// <summary>Adds a symbolic link.</summary>
        public Builder Link(string path, string target) =>
            Add(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target }, 0b111_111_111, 0, 0);

        /// <summary>Adds a hard link to an entry of this layer.</summary>
        public Builder HardLink(string path, string target) =>
            Add(new PaxTarEntry(TarEntryType.HardLink, path) { LinkName = target }, 0b111_101_101, 0, 0);

        /// <summary>Adds a FIFO.</summary>
        public Builder Fifo(string path, int mode = 0b110_100_100) => Add(new PaxTarEntry(TarEntryType.Fifo, path), mode, 0, 0);

        /// <summary>Adds a character device.</summary>
        public Builder Device(string path, int major, int minor, int mode = 0b110_110_110) =>
            Add(new PaxTarEntry(TarEntryType.CharacterDevice, path) { DeviceMajor = major, DeviceMinor = minor }, mode, 0, 0);

        /// <summary>Removes what lower layers have at the path (OCI image spec, layer.md, whiteouts).</summary>
        public Builder Whiteout(string path) =>
            File(Path.Combine(Path.GetDirectoryName(path) ?? "", ".wh." + Path.GetFileName(path)), "");

        private Builder Add(PaxTarEntry entry, int mode, int uid, int gid)
        {
            entry.Mode = (UnixFileMode)mode;
            entry.Uid = uid;
            entry.Gid = gid;
            entry.ModificationTime = Epoch;
            _tar.WriteEntry(entry);
            return this;
        }
    }
}
