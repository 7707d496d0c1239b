using Microsoft.Extensions.Logging;
using Orlop.Host.Configuration;
using Orlop.Host.Hosting;
using Orlop.Host.Tests.Support;

namespace Orlop.Host.Tests.Hosting;

public sealed class ConfigReloaderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RecordingLogs _logs = new();
    private readonly HostLogging _logging = new(new LogConfig());
    private readonly ConfigLoader _loader;
    private readonly RunningConfig _running;

    public ConfigReloaderTests()
    {
        Write("info", "/srv/orlop");
        _loader = new ConfigLoader(_folder.File("config.toml"));
        _running = new RunningConfig(_loader.Load().ThrowIfWrong());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _logs.Dispose();
        _logging.Dispose();
    }

    [Fact]
    public void The_log_level_changes_live()
    {
        Write("debug", "/srv/orlop");

        Reload().Should().BeTrue();

        _running.Current.Config.Log.Level.Should().Be(LogLevel.Debug);
        _running.Current.Settings.Single(setting => setting.Key == "log.level").Value.Should().Be("\"debug\"");
        _logging.Factory.CreateLogger("x").IsEnabled(LogLevel.Debug).Should().BeTrue();
        _logs.Lines.Should().NotContain(line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public void What_needs_a_restart_is_named_and_not_applied()
    {
        Write("info", "/srv/elsewhere");

        Reload().Should().BeTrue();
        Reload().Should().BeTrue();

        _running.Current.Config.Root.Should().Be("/srv/orlop");
        _logs.Lines.Where(line => line.Level == LogLevel.Warning).Should().HaveCount(2).And.OnlyContain(line => line.Message.EndsWith(": root"));
    }

    [Fact]
    public void With_an_error_the_running_configuration_is_kept()
    {
        _folder.Write("config.toml", "[log]\nlevel = \"debug\"\nsokcet = 1\n");
        var before = _running.Current;

        Reload().Should().BeFalse();

        _running.Current.Should().BeSameAs(before);
        _logging.Factory.CreateLogger("x").IsEnabled(LogLevel.Debug).Should().BeFalse();
        _logs.Lines.Where(line => line.Level == LogLevel.Error).Should().HaveCount(2);
    }

    private bool Reload() => new ConfigReloader(_loader, _running, _logging, _logs.For<ConfigReloader>()).Reload();

    private void Write(string level, string root) =>
        _folder.Write("config.toml", $"root = \"{root}\"\nplugin_folders = [\"{_folder.File("plugins")}\"]\n[log]\nlevel = \"{level}\"\n");
}
