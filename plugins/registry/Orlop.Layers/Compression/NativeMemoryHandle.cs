using System.Runtime.InteropServices;

namespace Orlop.Layers.Compression;

/// <summary>Memory that a native library keeps its state in, and then our input buffer: it must not move.</summary>
internal sealed unsafe class NativeMemoryHandle : SafeHandle
{
    public NativeMemoryHandle(int size)
        : base(0, ownsHandle: true) => SetHandle((nint)NativeMemory.AllocZeroed((nuint)size));

    public override bool IsInvalid => handle == 0;

    public byte* Pointer => IsClosed ? throw new ObjectDisposedException(nameof(NativeMemoryHandle)) : (byte*)handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
