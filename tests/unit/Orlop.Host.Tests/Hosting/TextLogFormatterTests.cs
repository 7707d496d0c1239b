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

    private static string Format(string template, bool underJournal, params (string Name, object Value)[] properties)
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var logEvent = new LogEvent(
            at, LogEventLevel.Information, exception: null, new MessageTemplateParser().Parse(template),
            properties.Select(property => new LogEventProperty(property.Name, new ScalarValue(property.Value))));
        using var writer = new StringWriter { NewLine = "\n" };
        new TextLogFormatter(underJournal).Format(logEvent, writer);
        return writer.ToString();
    }
}
