using System.Net.Sockets;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Orlop.Cri.V1;

namespace Orlop.Testing.Cri;

/// <summary>Speaks CRI with a daemon over its unix socket, as a kubelet does.</summary>
public sealed class CriClient : IDisposable
{
    private readonly GrpcChannel _channel;

    /// <summary>Prepares a client; it connects with its first call.</summary>
    public CriClient(string socketPath)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null });
        var invoker = _channel.Intercept(new DeadlineInterceptor(Deadline.Seconds(60)));
        Runtime = new RuntimeService.RuntimeServiceClient(invoker);
        Images = new ImageService.ImageServiceClient(invoker);
    }

    /// <summary>Pods and containers.</summary>
    public RuntimeService.RuntimeServiceClient Runtime { get; }

    /// <summary>Images.</summary>
    public ImageService.ImageServiceClient Images { get; }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();
}
