using System.Net.Sockets;
using Grpc.Net.Client;

namespace Orlop.Bench.Nodes;

/// <summary>gRPC over a unix socket.</summary>
internal static class CriChannel
{
    private const int MaxMessage = 64 * 1024 * 1024;

    public static GrpcChannel Open(string socket) => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(socket, token), EnableMultipleHttp2Connections = true },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = MaxMessage,
    });

    /// <summary>Whether somebody accepts connections.</summary>
    public static async Task<bool> IsServedAsync(string socket, CancellationToken cancellationToken)
    {
        if (!File.Exists(socket)) return false;
        try
        {
            await using var stream = await ConnectAsync(socket, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
