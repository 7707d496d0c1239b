namespace Orlop.Host.Engine;

internal static class EngineRegistration
{
    public static IServiceCollection AddEngine(this IServiceCollection services) =>
        services.AddSingleton<EngineGate>().AddHostedService<EngineService>();
}
