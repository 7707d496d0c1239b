namespace Orlop.Abstractions.Errors;

/// <summary>What kind of failure an operation met. Each kind is one gRPC status code, mapped by the host in one place.</summary>
public enum ErrorKind
{
    /// <summary>A fault of ours, or one that nobody classified: gRPC <c>Internal</c>.</summary>
    Internal,

    /// <summary>The request can never work as it is: gRPC <c>InvalidArgument</c>.</summary>
    InvalidArgument,

    /// <summary>The named object does not exist. The kubelet treats it as success when it stops or removes: gRPC <c>NotFound</c>.</summary>
    NotFound,

    /// <summary>Another object holds the name: gRPC <c>AlreadyExists</c>.</summary>
    AlreadyExists,

    /// <summary>The object is in a state that forbids the operation: gRPC <c>FailedPrecondition</c>.</summary>
    FailedPrecondition,

    /// <summary>A limit of the kernel, the disk or the configuration is reached: gRPC <c>ResourceExhausted</c>.</summary>
    ResourceExhausted,

    /// <summary>A part is not ready or not reachable; a retry may work: gRPC <c>Unavailable</c>.</summary>
    Unavailable,

    /// <summary>The deadline passed; the message says in which phase: gRPC <c>DeadlineExceeded</c>.</summary>
    DeadlineExceeded,

    /// <summary>The caller or a newer request cancelled the operation: gRPC <c>Cancelled</c>.</summary>
    Cancelled,

    /// <summary>Another operation on the same object got in the way; a retry may work: gRPC <c>Aborted</c>.</summary>
    Aborted,

    /// <summary>The peer refuses these credentials or this action: gRPC <c>PermissionDenied</c>.</summary>
    PermissionDenied,

    /// <summary>The peer asks for credentials that are missing or wrong: gRPC <c>Unauthenticated</c>.</summary>
    Unauthenticated,

    /// <summary>Content does not match its digest or its record: gRPC <c>DataLoss</c>.</summary>
    DataLoss,

    /// <summary>This part cannot do that at all: gRPC <c>Unimplemented</c>.</summary>
    Unimplemented,
}
