using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Compute;

/// <summary>HCS_PROCESS. Closing waits for callbacks that run, and raises no event.</summary>
[SupportedOSPlatform("windows")]
internal sealed class SafeHcsProcess : SafeHandle
{
    public SafeHcsProcess()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        ComputeCore.HcsCloseProcess(handle);
        return true;
    }
}
