using Grpc.Core;
using Grpc.Net.Client;
using Orlop.Cri.V1;

namespace Orlop.Cli.Client;

/// <summary>
/// The CRI as the commands call it: with the kubelet's deadlines, and with each failure saying which call on which object
/// failed (<see cref="Hosting.CliException"/>).
/// </summary>
internal sealed partial class CriClient : IDisposable
{
    // The kubelet's runtimeRequestTimeout; it doubles it for a new sandbox and adds it to a grace period.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // ExecSync answers up to 16 MiB for each of two streams.
    private const int LargestMessage = 40 << 20;

    private readonly GrpcChannel _channel;
    private readonly RuntimeService.RuntimeServiceClient _runtime;
    private readonly ImageService.ImageServiceClient _images;

    public CriClient(CriAddress address)
    {
        Address = address;
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                UseProxy = false, // HTTP_PROXY is for registries
                ConnectCallback = (_, token) => address.ConnectAsync(token),
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestMessage,
        });
        _runtime = new RuntimeService.RuntimeServiceClient(_channel);
        _images = new ImageService.ImageServiceClient(_channel);
    }

    public CriAddress Address { get; }

    public void Dispose() => _channel.Dispose();

    private async Task<T> CallAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, TimeSpan? patience, CancellationToken cancellationToken)
    {
        DateTime? deadline = patience is { } limit ? TimeProvider.System.GetUtcNow().UtcDateTime + limit : null;
        using var active = call(new CallOptions(deadline: deadline, cancellationToken: cancellationToken));
        try
        {
            return await active;
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException failure)
        {
            throw CriErrors.Translate(what, failure, Address);
        }
    }
}
