namespace Orlop.Abstractions.Errors;

/// <summary>The one exception family of Orlop: a kind that decides the gRPC status, and a message for a person.</summary>
/// <remarks>
/// The message names what failed, on which object, with which value, and the next step. The kubelet puts it into pod
/// events as it is, and reads well-known prefixes from it (<c>RegistryUnavailable</c>, <c>SignatureValidationFailed</c>,
/// <c>RROUnsupported</c>, <c>ImageVolumeMountFailed</c>; cri-api pkg/errors).
/// </remarks>
public class RuntimeException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="kind">Decides the gRPC status.</param>
    /// <param name="message">What failed, on what, with which value, and what to do.</param>
    /// <param name="innerException">The cause, if another error is.</param>
    public RuntimeException(ErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Decides the gRPC status.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The named object does not exist.</summary>
    public static RuntimeException NotFound(string message) => new(ErrorKind.NotFound, message);

    /// <summary>The request can never work as it is.</summary>
    public static RuntimeException InvalidArgument(string message) => new(ErrorKind.InvalidArgument, message);

    /// <summary>The object is in a state that forbids the operation.</summary>
    public static RuntimeException FailedPrecondition(string message) => new(ErrorKind.FailedPrecondition, message);

    /// <summary>A part is not ready or not reachable.</summary>
    public static RuntimeException Unavailable(string message, Exception? innerException = null) => new(ErrorKind.Unavailable, message, innerException);
}
