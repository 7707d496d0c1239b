using Orlop.Abstractions.Errors;
using Orlop.Windows.Interop;

namespace Orlop.Windows.Compute;

/// <summary>Turns errors of the service into errors for the host.</summary>
internal static class ComputeErrors
{
    /// <summary>What is said of <paramref name="subject"/>: <c>container web: cannot be created: HcsCreateComputeSystem …</c>.</summary>
    public static RuntimeException Translate(this HcsException error, string subject)
    {
        string message = $"{subject}: {error.Message}";
        return error.Error switch
        {
            HcsError.NotFound => new(ErrorKind.NotFound, message, error),
            HcsError.AlreadyExists => new(ErrorKind.AlreadyExists, message, error),
            HcsError.AlreadyStopped or HcsError.InvalidState or HcsError.UnexpectedExit => new(ErrorKind.FailedPrecondition, message, error),
            HcsError.Timeout or HcsError.Pending => new(ErrorKind.DeadlineExceeded, message, error),
            HcsError.ImageMismatch => new(ErrorKind.InvalidArgument, $"{message}; the image is for another version of Windows than the node's, pull one with the node's os.version", error),
            HcsError.InvalidArgument or HcsError.InvalidDocument or HcsError.InvalidLayer or HcsError.FileNotFound => new(ErrorKind.InvalidArgument, message, error),
            HcsError.AccessDenied => new(ErrorKind.PermissionDenied, $"{message}; the daemon must run as SYSTEM or as an administrator", error),
            HcsError.ServiceUnavailable => new(ErrorKind.Unavailable, $"{message}; is the service vmcompute running?", error),
            HcsError.HyperVNotInstalled => new(ErrorKind.FailedPrecondition, $"{message}; install the Windows feature", error),
            _ => new(ErrorKind.Internal, message, error),
        };
    }
}
