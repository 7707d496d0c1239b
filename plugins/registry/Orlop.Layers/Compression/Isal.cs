using System.Runtime.InteropServices;

namespace Orlop.Layers.Compression;

/// <summary>Intel's ISA-L, igzip_lib.h. Its state is a public structure that the caller allocates, so that its layout is part of the library's version.</summary>
internal static unsafe partial class Isal
{
    public const string Library = "libisal.so.2";

    /// <summary>ISAL_GZIP of <c>crc_flag</c>: headers and checksums are those of gzip.</summary>
    public const uint Gzip = 1;

    /// <summary>ISAL_BLOCK_FINISH of <c>block_state</c>: a member is complete, its checksum verified.</summary>
    public const uint BlockFinish = 5;

    /// <summary>More than sizeof(struct inflate_state), which is about 87 KiB.</summary>
    public const int StateSize = 1 << 18;

    // Offsets in struct inflate_state.
    public const int NextOut = 0;
    public const int AvailableOut = 8;
    public const int NextIn = 16;
    public const int AvailableIn = 32;
    public const int BlockState = 21160;
    public const int CrcFlag = 21172;

    [LibraryImport(Library, EntryPoint = "isal_inflate_init")]
    public static partial void Init(byte* state);

    [LibraryImport(Library, EntryPoint = "isal_inflate")]
    public static partial int Inflate(byte* state);
}
