using System.Formats.Tar;
using System.IO.Compression;

namespace Orlop.Microbench;

/// <summary>A layer like those of images: many small files, some large ones, half of it compressible.</summary>
internal static class SampleLayer
{
    private const int Files = 2000;
    private const int LargeFiles = 8;

    public static byte[] Tar()
    {
        var random = new Random(1);
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            for (int i = 0; i < Files; i++) Write(writer, $"usr/share/folder{i % 50}/file{i}", Content(random, random.Next(200, 16_000)));
            for (int i = 0; i < LargeFiles; i++) Write(writer, $"usr/lib/library{i}.so", Content(random, 2 << 20));
        }

        return archive.ToArray();
    }

    public static byte[] Gzip(byte[] tar)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(tar);
        return compressed.ToArray();
    }

    private static void Write(TarWriter writer, string name, byte[] content) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });

    private static byte[] Content(Random random, int length)
    {
        var content = new byte[length];
        random.NextBytes(content.AsSpan(0, length / 4));
        for (int i = length / 4; i < length; i++) content[i] = (byte)"the quick brown fox "[i % 20];
        return content;
    }
}
