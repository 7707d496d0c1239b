namespace Orlop.Windows.Interop;

/// <summary>What an HRESULT of HCS or HCN means for its caller.</summary>
public enum HcsError
{
    /// <summary>Anything that no caller treats specially.</summary>
    Other,

    /// <summary>No compute system, process, namespace or element of that name.</summary>
    NotFound,

    /// <summary>The id is taken.</summary>
    AlreadyExists,

    /// <summary>The compute system or process has ended already.</summary>
    AlreadyStopped,

    /// <summary>The request was accepted and goes on; no error for shutdown and terminate.</summary>
    Pending,

    /// <summary>The operation did not complete in time.</summary>
    Timeout,

    /// <summary>The object's state forbids the operation.</summary>
    InvalidState,

    /// <summary>The object ended while the operation ran.</summary>
    UnexpectedExit,

    /// <summary>The document is not valid; the result document names the place.</summary>
    InvalidDocument,

    /// <summary>The image was built for another version of Windows.</summary>
    ImageMismatch,

    /// <summary>The feature Hyper-V is not installed.</summary>
    HyperVNotInstalled,

    /// <summary>A layer folder is not one, or is incomplete.</summary>
    InvalidLayer,

    /// <summary>The service does not answer.</summary>
    ServiceUnavailable,

    /// <summary>A file or folder does not exist: also a command that cannot be found.</summary>
    FileNotFound,

    /// <summary>ERROR_ACCESS_DENIED.</summary>
    AccessDenied,

    /// <summary>E_INVALIDARG.</summary>
    InvalidArgument,
}
