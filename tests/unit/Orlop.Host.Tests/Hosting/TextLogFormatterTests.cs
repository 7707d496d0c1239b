using Orlop.Abstractions.Errors;
using Orlop.Host.Hosting;
using Serilog.Events;
using Serilog.Parsing;

namespace Orlop.Host.Tests.Hosting;

public sealed class TextLogFormatterTests
{
    [Fact]
    public void A_line_has_time_level_category_message_and_the_other_properties() =>
        Format("Pod {Pod} took {Ms} ms", underJournal: false, ("SourceContext", "Orlop.Host.Engine.PodActor"), ("Pod", "web"), ("Ms", 1.23456), ("Call", "RunPodSandbox"), ("EventId", 3))
            .Should().Be("2026-01-02T03:04:05.006Z info  PodActor: Pod web took 1.235 ms Call=RunPodSandbox\n");

    [Fact]
    public void A_value_with_line_breaks_stays_in_its_line() =>
        Format("Registry said {Body}", underJournal: false, ("Body", "a\nb\r\nfake entry")).Should().Be("2026-01-02T03:04:05.006Z info  Registry said a\\nb\\nfake entry\n");

    [Fact]
    public void Under_the_journal_a_line_begins_with_its_priority() =>
        Format("x", underJournal: true).Should().StartWith("<6>2026");

    [Fact]
    public void An_error_that_was_written_for_people_comes_without_its_stack() =>
        Format("Cleaning up failed.", Thrown(RuntimeException.Unavailable("CNI plugin bridge cannot be reached", new IOException("no such file"))))
            .Should().Be("2026-01-02T03:04:05.006Z info  Cleaning up failed.\n    CNI plugin bridge cannot be reached\n");

    [Fact]
    public void Any_other_error_comes_with_its_stack() =>
        Format("Cleaning up failed.", Thrown(new IOException("no such file"))).Should().Contain("\n    System.IO.IOException: no such file\n").And.Contain($"at {typeof(TextLogFormatterTests)}");

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static string Format(string template, bool underJournal, params (string Name, object Value)[] properties) => Format(template, underJournal, error: null, properties);

    private static string Format(string template, Exception error) => Format(template, underJournal: false, error);

    private static string Format(string template, bool underJournal, Exception? error, params (string Name, object Value)[] properties)
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var logEvent = new LogEvent(
            at, LogEventLevel.Information, error, new MessageTemplateParser().Parse(template),
            properties.Select(property => new LogEventProperty(property.Name, new ScalarValue(property.Value))));
        using var writer = new StringWriter { NewLine = "\n" };
        new TextLogFormatter(underJournal).Format(logEvent, writer);
        return writer.ToString();
    }
}
