using System.Net.Sockets;
using Grpc.Core;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Client;

/// <summary>Says what a failed call means to the person at the terminal, and what to do about it.</summary>
internal static class CriErrors
{
    public static CliException Translate(string what, RpcException failure, CriAddress address)
    {
        if (ConnectFailure(failure) is { } socketError)
            return NotConnected(address, socketError, failure);

        string detail = failure.Status.Detail;
        return failure.StatusCode switch
        {
            StatusCode.Unimplemented => new CliException(what, $"the runtime at {address} does not implement this call",
                "see its version with: orlop version", inner: failure),
            // Without a detail it is our own deadline that passed; the runtime says what ran into its.
            StatusCode.DeadlineExceeded when detail.Length == 0 => new CliException(what, "no answer in time",
                "see what it waits for: orlop pods, orlop trace POD, and the daemon's log", inner: failure),
            // What the runtime itself answers says what is not available: a registry, a plugin, or the runtime while it starts.
            StatusCode.Unavailable when failure.Status.DebugException is not null => new CliException(what, $"the runtime is not available ({detail})",
                "see the daemon's log, or try again when it has started", inner: failure),
            StatusCode.PermissionDenied or StatusCode.Unauthenticated => new CliException(what, detail,
                "give credentials with --creds, --creds-stdin or ORLOP_CREDS", inner: failure),
            _ => new CliException(what, detail.Length > 0 ? detail : failure.StatusCode.ToString(), inner: failure),
        };
    }

    /// <summary>Whether the daemon is away for the moment: it restarts without touching the pods, so a long wait goes on.</summary>
    public static bool IsAway(CliException failure) => failure.InnerException is RpcException { StatusCode: StatusCode.Unavailable };

    public static bool IsNotFound(CliException failure) => failure.InnerException is RpcException { StatusCode: StatusCode.NotFound };

    private static SocketError? ConnectFailure(RpcException failure)
    {
        for (var cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket && failure.StatusCode == StatusCode.Unavailable && IsConnectError(socket.SocketErrorCode))
                return socket.SocketErrorCode;
        }

        return null;
    }

    private static bool IsConnectError(SocketError error) =>
        error is SocketError.AddressNotAvailable or SocketError.AccessDenied or SocketError.ConnectionRefused or SocketError.SocketError
            or SocketError.NotSocket or SocketError.HostNotFound or SocketError.AddressFamilyNotSupported;

    private static CliException NotConnected(CriAddress address, SocketError error, RpcException failure)
    {
        string what = $"connect to {address}";
        string name = $"start orlopd, or name its socket with --address or {CriAddress.Variable}";

        if (error == SocketError.AccessDenied)
        {
            return new CliException(what, "permission denied",
                "run as root, or as a member of the group that orlopd's socket_gid names", inner: failure);
        }

        if (address.SocketPath is { } path && !File.Exists(path))
            return new CliException(what, "there is no such socket", name, inner: failure);

        return new CliException(what, error == SocketError.ConnectionRefused ? "nobody listens on it" : $"it does not connect ({error})",
            name, inner: failure);
    }
}
