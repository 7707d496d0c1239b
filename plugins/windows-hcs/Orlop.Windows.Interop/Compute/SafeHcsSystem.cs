using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Compute;

/// <summary>HCS_SYSTEM. Closing waits for callbacks that run, and raises no event.</summary>
[SupportedOSPlatform("windows")]
internal sealed class SafeHcsSystem : SafeHandle
{
    public SafeHcsSystem()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        ComputeCore.HcsCloseComputeSystem(handle);
        return true;
    }
}
