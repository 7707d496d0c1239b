using System.Runtime.InteropServices;

namespace Orlop.Windows.Interop.Compute;

/// <summary>HCS_EVENT as the callback gets it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HcsEvent
{
    public HcsEventType Type;
    public nint Data;
    public nint Operation;
}
