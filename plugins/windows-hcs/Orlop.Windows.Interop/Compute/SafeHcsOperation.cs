using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Compute;

/// <summary>HCS_OPERATION: tracks one call. Never closed while the call is in flight.</summary>
[SupportedOSPlatform("windows")]
internal sealed class SafeHcsOperation : SafeHandle
{
    public SafeHcsOperation(nint operation)
        : base(0, ownsHandle: true) => SetHandle(operation);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        ComputeCore.HcsCloseOperation(handle);
        return true;
    }
}
