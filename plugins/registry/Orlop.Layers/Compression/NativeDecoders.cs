using System.IO.Compression;
using System.Runtime.InteropServices;
using ZstdSharp;

namespace Orlop.Layers.Compression;

/// <summary>Chooses the fastest decoder that this machine has: ISA-L and libzstd where they are installed, else those that come with us.</summary>
internal static class NativeDecoders
{
    private static readonly Lazy<bool> HasIsal = new(() => IsPresent(Isal.Library) && IsalGzipStream.WorksHere());
    private static readonly Lazy<bool> HasZstd = new(() => IsPresent(Zstd.Library));

    public static Stream OpenGzip(Stream compressed) => HasIsal.Value ? new IsalGzipStream(compressed) : new GZipStream(compressed, CompressionMode.Decompress);

    public static Stream OpenZstd(Stream compressed) => HasZstd.Value ? new LibZstdStream(compressed) : new DecompressionStream(compressed, leaveOpen: false);

    private static bool IsPresent(string library) => NativeLibrary.TryLoad(library, out _);
}
