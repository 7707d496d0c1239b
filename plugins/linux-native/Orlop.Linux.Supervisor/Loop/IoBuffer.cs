using System.Runtime.InteropServices;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Loop;

/// <summary>Memory for reading and formatting, shared by everything in the loop; its pages go back to the kernel when the loop is idle.</summary>
internal sealed unsafe class IoBuffer : SafeHandle
{
    private readonly int size;

    public IoBuffer(int size)
        : base(0, ownsHandle: true)
    {
        this.size = size;
        SetHandle(Libc.Map(size));
    }

    public override bool IsInvalid => handle == 0;

    public Span<byte> Span => new((void*)handle, size);

    /// <summary>Gives the pages back; the content is lost.</summary>
    public void Release()
    {
        const int DontNeed = 4;
        _ = Libc.MAdvise((void*)handle, size, DontNeed);
    }

    protected override bool ReleaseHandle() => Libc.Unmap(handle, size);
}
