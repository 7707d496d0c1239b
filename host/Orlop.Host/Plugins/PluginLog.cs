using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

internal static partial class PluginLog
{
    [LoggerMessage(1, LogLevel.Information, "Plugin {Id} {Version} gives {Capabilities}", EventName = "PluginActive")]
    public static partial void Active(ILogger logger, string id, string version, string capabilities);

    [LoggerMessage(2, LogLevel.Information, "Plugin {Id} is {State}: {Reason}", EventName = "PluginNotUsed")]
    public static partial void NotUsed(ILogger logger, string id, PluginState state, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Plugin {Id} in {Folder} is {State}: {Reason}", EventName = "PluginBroken")]
    public static partial void Broken(ILogger logger, string id, string folder, PluginState state, string reason, Exception? exception);

    [LoggerMessage(4, LogLevel.Information, "{Active} of {Found} plugins are active after {Milliseconds} ms", EventName = "PluginsReady")]
    public static partial void Ready(ILogger logger, int active, int found, long milliseconds);

    [LoggerMessage(5, LogLevel.Warning, "Plugin {Id}: {Part} did not stop cleanly", EventName = "PluginStopFailed")]
    public static partial void StopFailed(ILogger logger, string id, string part, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Configuration: {Problem}", EventName = "PluginConfigProblem")]
    public static partial void ConfigProblem(ILogger logger, string problem);

    [LoggerMessage(7, LogLevel.Critical, "Loading plugins broke off", EventName = "PluginLoadingBroke")]
    public static partial void LoadingBroke(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "{Problem}", EventName = "RequirementMissing")]
    public static partial void RequiredMissing(ILogger logger, string problem);
}
