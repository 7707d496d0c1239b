namespace Orlop.Host.Cri;

internal static class CriRegistration
{
    /// <summary>The kubelet sends no larger message.</summary>
    private const int ReceiveLimit = 16 * 1024 * 1024;

    /// <summary>gRPC with our error policy. What a client takes is its own affair: two full streams of an exec are 32 MiB.</summary>
    public static IServiceCollection AddCri(this IServiceCollection services)
    {
        services.AddGrpc(options =>
        {
            options.Interceptors.Add<CallInterceptor>();
            options.MaxReceiveMessageSize = ReceiveLimit;
            options.MaxSendMessageSize = null;
        });
        services.AddSingleton<StatusReport>();
        services.AddSingleton<RuntimeServiceV1>();
        services.AddSingleton<ImageServiceV1>();
        return services;
    }

    public static void MapCri(this IEndpointRouteBuilder app)
    {
        app.MapGrpcService<RuntimeServiceV1>();
        app.MapGrpcService<ImageServiceV1>();
    }
}
