using System.Runtime.InteropServices;

namespace Orlop.Windows.Interop.Compute;

/// <summary>HCS_PROCESS_INFORMATION of computedefs.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HcsProcessInformation
{
    public uint ProcessId;
    public uint Reserved;
    public nint StdInput;
    public nint StdOutput;
    public nint StdError;
}
