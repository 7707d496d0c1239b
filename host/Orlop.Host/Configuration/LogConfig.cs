namespace Orlop.Host.Configuration;

/// <summary><c>[log]</c>.</summary>
internal sealed record LogConfig
{
    /// <summary>The names of the levels in the configuration and on the command line.</summary>
    public static IReadOnlyDictionary<string, LogLevel> LevelNames { get; } = new OrderedDictionary<string, LogLevel>(StringComparer.Ordinal)
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    };

    /// <summary>The lowest level that is written; changes with a reload.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    public LogFormat Format { get; init; } = LogFormat.Text;
}

/// <summary>How a log line looks.</summary>
internal enum LogFormat
{
    /// <summary>For people: time, level, category, message, key=value.</summary>
    Text,

    /// <summary>For collectors: one compact JSON object a line.</summary>
    Json,
}
