using System.Globalization;
using Orlop.Abstractions.Errors;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Orlop.Host.Hosting;

/// <summary>One readable line: time, level, category, message, then the properties that the message does not hold; an error follows indented.</summary>
/// <param name="underJournal">Begins each line with its syslog priority, which journald takes off and files; see sd-daemon(3).</param>
internal sealed class TextLogFormatter(bool underJournal) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        var (name, priority) = LevelOf(logEvent.Level);
        if (underJournal)
            output.Write($"<{priority}>");
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        output.Write(name.PadRight(6));
        if (logEvent.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: string category })
            output.Write($"{category[(category.LastIndexOf('.') + 1)..]}: ");
        WriteMessage(logEvent, output);
        WriteProperties(logEvent, output);
        output.WriteLine();
        if (logEvent.Exception is { } exception)
            output.WriteLine("    " + Describe(exception).ReplaceLineEndings("\n    "));
    }

    /// <summary>An error that was written for a person says what is the matter; of any other the place in the code is all there is.</summary>
    private static string Describe(Exception error) => error is RuntimeException { Kind: not ErrorKind.Internal } ? error.Message : error.ToString();

    private static void WriteMessage(LogEvent logEvent, TextWriter output)
    {
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            string text = token switch
            {
                PropertyToken property when logEvent.Properties.TryGetValue(property.PropertyName, out var value) => TextOf(value),
                _ => token.ToString() ?? "",
            };
            output.Write(text.ReplaceLineEndings("\\n")); // a line stays a line, whatever came from outside
        }
    }

    private static void WriteProperties(LogEvent logEvent, TextWriter output)
    {
        var inMessage = logEvent.MessageTemplate.Tokens.OfType<PropertyToken>().Select(token => token.PropertyName).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in logEvent.Properties)
        {
            if (name is not ("SourceContext" or "EventId" or "RequestId" or "RequestPath" or "ConnectionId") && !inMessage.Contains(name))
                output.Write($" {name}={TextOf(value).ReplaceLineEndings("\\n")}");
        }
    }

    private static string TextOf(LogEventPropertyValue value) => value switch
    {
        ScalarValue { Value: string text } => text,
        ScalarValue { Value: double number } => number.ToString("0.###", CultureInfo.InvariantCulture),
        _ => value.ToString(null, CultureInfo.InvariantCulture),
    };

    private static (string Name, int Priority) LevelOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => ("trace", 7),
        LogEventLevel.Debug => ("debug", 7),
        LogEventLevel.Information => ("info", 6),
        LogEventLevel.Warning => ("warn", 4),
        LogEventLevel.Error => ("error", 3),
        _ => ("fatal", 2),
    };
}
