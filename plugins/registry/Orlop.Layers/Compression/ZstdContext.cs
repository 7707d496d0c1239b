using System.Runtime.InteropServices;

namespace Orlop.Layers.Compression;

/// <summary>A ZSTD_DCtx. Its default limit of 128 MiB for a frame's window bounds what a layer can make us allocate.</summary>
internal sealed class ZstdContext : SafeHandle
{
    public ZstdContext()
        : base(0, ownsHandle: true) => SetHandle(Zstd.CreateContext());

    public override bool IsInvalid => handle == 0;

    public nint Pointer => IsClosed || IsInvalid ? throw new ObjectDisposedException(nameof(ZstdContext)) : handle;

    protected override bool ReleaseHandle()
    {
        _ = Zstd.FreeContext(handle);
        return true;
    }
}
