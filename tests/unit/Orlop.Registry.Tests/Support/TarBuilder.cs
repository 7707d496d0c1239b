using System.Globalization;
using System.Text;

namespace Orlop.Registry.Tests.Support;

/// <summary>Writes archives byte by byte, wrong ones too.</summary>
internal sealed class TarBuilder
{
    private readonly List<byte> _bytes = [];

    public static byte[] Layer(Action<TarBuilder> fill)
    {
        var builder = new TarBuilder();
        fill(builder);
        return builder.End();
    }

    public TarBuilder File(string name, string content = "", uint mode = 0x1a4, uint uid = 0, uint gid = 0) =>
        Entry('0', Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(content), mode: mode, uid: uid, gid: gid);

    public TarBuilder Folder(string name, uint mode = 0x1ed, uint uid = 0, uint gid = 0) => Entry('5', Encoding.UTF8.GetBytes(name), mode: mode, uid: uid, gid: gid);

    public TarBuilder Symlink(string name, string target) => Entry('2', Encoding.UTF8.GetBytes(name), link: Encoding.UTF8.GetBytes(target));

    public TarBuilder HardLink(string name, string target) => Entry('1', Encoding.UTF8.GetBytes(name), link: Encoding.UTF8.GetBytes(target));

    public TarBuilder Whiteout(string name) => File(name);

    /// <summary>An extended header for the entry that follows.</summary>
    public TarBuilder Pax(params (string Keyword, byte[] Value)[] records)
    {
        using var data = new MemoryStream();
        foreach (var (keyword, value) in records)
            data.Write(PaxRecord(keyword, value));
        return Entry('x', "pax"u8.ToArray(), data.ToArray());
    }

    public static byte[] PaxRecord(string keyword, byte[] value)
    {
        int rest = Encoding.UTF8.GetByteCount(keyword) + value.Length + 3;
        int length = rest + 1;
        while (length.ToString(CultureInfo.InvariantCulture).Length + rest != length)
            length = length.ToString(CultureInfo.InvariantCulture).Length + rest;
        return [.. Encoding.UTF8.GetBytes($"{length} {keyword}="), .. value, (byte)'\n'];
    }

    public TarBuilder Entry(
        char type, byte[] name, byte[]? content = null, byte[]? link = null, uint mode = 0x1a4, uint uid = 0, uint gid = 0, long mtime = 1_700_000_000,
        uint major = 0, uint minor = 0, long? size = null, string magic = "ustar\000")
    {
        byte[] header = new byte[512];
        name.AsSpan(0, Math.Min(100, name.Length)).CopyTo(header);
        Octal(header, 100, 8, mode);
        Octal(header, 108, 8, uid);
        Octal(header, 116, 8, gid);
        Octal(header, 124, 12, size ?? content?.Length ?? 0);
        Octal(header, 136, 12, mtime);
        header[156] = (byte)type;
        (link ?? []).AsSpan(0, Math.Min(100, link?.Length ?? 0)).CopyTo(header.AsSpan(157));
        Encoding.ASCII.GetBytes(magic).CopyTo(header, 257);
        Octal(header, 329, 8, major);
        Octal(header, 337, 8, minor);
        return Raw(WithChecksum(header)).Data(content ?? []);
    }

    public static byte[] WithChecksum(byte[] header)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }

    public TarBuilder Data(byte[] content)
    {
        _bytes.AddRange(content);
        _bytes.AddRange(new byte[-content.Length & 511]);
        return this;
    }

    public TarBuilder Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] Bytes() => [.. _bytes];

    public byte[] End() => Raw(new byte[1024]).Bytes();

    private static void Octal(byte[] header, int offset, int length, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(length - 1, '0')).CopyTo(header, offset);
}
