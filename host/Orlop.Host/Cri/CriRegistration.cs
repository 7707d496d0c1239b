namespace Orlop.Host.Cri;

internal static class CriRegistration
{
    /// <summary>gRPC with our error policy, and messages as large as the kubelet sends and takes them (16 MiB).</summary>
    public static IServiceCollection AddCri(this IServiceCollection services)
    {
        const int messageLimit = 16 * 1024 * 1024;
        services.AddGrpc(options =>
        {
            options.Interceptors.Add<CallInterceptor>();
            options.MaxReceiveMessageSize = messageLimit;
            options.MaxSendMessageSize = messageLimit;
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
