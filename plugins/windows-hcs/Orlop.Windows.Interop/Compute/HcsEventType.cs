namespace Orlop.Windows.Interop.Compute;

/// <summary>HCS_EVENT_TYPE of computedefs.h.</summary>
public enum HcsEventType
{
    /// <summary>No event.</summary>
    Invalid = 0,

    /// <summary>The compute system has ended; the data says how.</summary>
    SystemExited = 1,

    /// <summary>A guest began to crash.</summary>
    SystemCrashInitiated = 2,

    /// <summary>A guest has crashed; the data is its report.</summary>
    SystemCrashReport = 3,

    /// <summary>The container's job object exists.</summary>
    SystemSiloJobCreated = 5,

    /// <summary>The connection to a utility VM's guest is gone.</summary>
    SystemGuestConnectionClosed = 6,

    /// <summary>The process has ended; the data holds its exit code.</summary>
    ProcessExited = 0x00010000,

    /// <summary>An operation has completed.</summary>
    OperationCallback = 0x01000000,

    /// <summary>The service is gone, and with it every handle; how things ended is unknown.</summary>
    ServiceDisconnect = 0x02000000,
}
