namespace Orlop.Host.Hosting;

internal static partial class ReloadLog
{
    [LoggerMessage(1, LogLevel.Error, "Configuration: {Problem}", EventName = "ConfigWrong")]
    public static partial void Wrong(ILogger logger, string problem);

    [LoggerMessage(2, LogLevel.Error, "The new configuration has {Count} errors; the running one is kept", EventName = "ConfigKept")]
    public static partial void Kept(ILogger logger, int count);

    [LoggerMessage(3, LogLevel.Information, "The configuration was read again; changed live: {Keys}", EventName = "ConfigReloaded")]
    public static partial void Done(ILogger logger, string keys);

    [LoggerMessage(4, LogLevel.Warning, "These changes take effect with a restart of orlopd, which no pod notices: {Keys}", EventName = "ConfigNeedsRestart")]
    public static partial void NeedsRestart(ILogger logger, string keys);
}
