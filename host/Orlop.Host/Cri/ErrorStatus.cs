using Grpc.Core;
using Orlop.Abstractions.Errors;

namespace Orlop.Host.Cri;

/// <summary>Maps error kinds to gRPC statuses, one to one.</summary>
internal static class ErrorStatus
{
    /// <summary>
    /// Words by which the kubelet knows an error (cri-api pkg/errors). It looks for them at the very start of the text, in front of which its
    /// client writes every code but <c>Unknown</c>.
    /// </summary>
    private static readonly string[] KubeletWords = ["RegistryUnavailable", "SignatureValidationFailed", "RROUnsupported", "ImageVolumeMountFailed"];

    /// <summary>Headers carry the text, and clients give up on long ones; a bad value of the request may make it so.</summary>
    private const int LongestDetail = 4096;

    public static Status Of(Exception error, CancellationToken call) => Shorten(Translate(error, call));

    private static Status Shorten(Status status) => status.Detail.Length <= LongestDetail
        ? status
        : new Status(status.StatusCode, $"{status.Detail[..(LongestDetail / 2)]} […] {status.Detail[^(LongestDetail / 2)..]}", status.DebugException);

    private static Status Translate(Exception error, CancellationToken call) => error switch
    {
        RpcException rpc => rpc.Status,
        RuntimeException known when KubeletWords.Any(w => known.Message.StartsWith(w, StringComparison.Ordinal)) => new Status(StatusCode.Unknown, known.Message, known),
        RuntimeException ours => new Status(Code(ours.Kind), ours.Message, ours),
        OperationCanceledException when call.IsCancellationRequested => new Status(StatusCode.Cancelled, "the caller went away", error),
        _ => new Status(StatusCode.Internal, $"{error.Message} ({error.GetType().Name}); this is a fault of orlopd, its log has the details", error),
    };

    private static StatusCode Code(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument => StatusCode.InvalidArgument,
        ErrorKind.NotFound => StatusCode.NotFound,
        ErrorKind.AlreadyExists => StatusCode.AlreadyExists,
        ErrorKind.FailedPrecondition => StatusCode.FailedPrecondition,
        ErrorKind.ResourceExhausted => StatusCode.ResourceExhausted,
        ErrorKind.Unavailable => StatusCode.Unavailable,
        ErrorKind.DeadlineExceeded => StatusCode.DeadlineExceeded,
        ErrorKind.Cancelled => StatusCode.Cancelled,
        ErrorKind.Aborted => StatusCode.Aborted,
        ErrorKind.PermissionDenied => StatusCode.PermissionDenied,
        ErrorKind.Unauthenticated => StatusCode.Unauthenticated,
        ErrorKind.DataLoss => StatusCode.DataLoss,
        ErrorKind.Unimplemented => StatusCode.Unimplemented,
        _ => StatusCode.Internal,
    };
}
