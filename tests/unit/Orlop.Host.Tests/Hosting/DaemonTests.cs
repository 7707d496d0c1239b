using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Orlop.Host.Tests.Support;
using Orlop.Testing;

namespace Orlop.Host.Tests.Hosting;

/// <summary>The program itself, in a process of its own.</summary>
[SupportedOSPlatform("linux")]
public sealed class DaemonTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly List<Process> _started = [];

    public DaemonTests() => WriteConfig("info");

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task It_serves_until_SIGTERM_and_exits_with_0()
    {
        var daemon = await ServeAsync();

        await Eventually.PassesAsync(() => File.GetUnixFileMode(_folder.File("run/orlop.sock")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite));
        File.GetUnixFileMode(_folder.File("root")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(_folder.File("root/state.db")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await StopAsync(daemon)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_second_daemon_is_refused_and_one_after_kill_9_is_not()
    {
        var first = await ServeAsync();
        var second = await RunAsync("--config", _folder.File("config.toml"));
        second.ExitCode.Should().Be(1);
        second.Error.Should().StartWith($"orlopd: another orlopd (pid {first.Process.Id}) uses the root {_folder.File("root")}");

        first.Process.Kill();
        await first.Process.WaitForExitAsync();
        File.Exists(_folder.File("run/orlop.sock")).Should().BeTrue();

        (await StopAsync(await ServeAsync())).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_client_that_is_silent_stays_connected()
    {
        var daemon = await ServeAsync();
        using var client = await ConnectAsync(daemon);

        // Kestrel looks for silent connections once a second; that it leaves one alone shows only in time that passes.
        using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var hear = async () => await client.ReceiveAsync(new byte[64], silence.Token);

        await hear.Should().ThrowAsync<OperationCanceledException>("a server that closes says so first");
        (await StopAsync(daemon)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task SIGHUP_with_an_error_keeps_it_serving()
    {
        var daemon = await ServeAsync();
        File.AppendAllText(_folder.File("config.toml"), "sokcet = 1\n");

        Signal(daemon.Process, "HUP");

        await WaitForAsync(daemon, "The new configuration has 1 errors; the running one is kept");
        (await StopAsync(daemon)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task SIGHUP_does_not_end_a_daemon_that_is_still_starting()
    {
        var daemon = Start("--config", _folder.File("config.toml"));
        using var deadline = new CancellationTokenSource(Patience);
        while (!TakesSignal(daemon.Process, 1))
            await Task.Delay(1, deadline.Token);

        Signal(daemon.Process, "HUP");

        await WaitForAsync(daemon, "The configuration was read again");
        (await StopAsync(daemon)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Strict_exits_with_1_when_a_named_plugin_is_missing()
    {
        var (exitCode, output, _) = await RunAsync("--strict", "--config", _folder.File("config.toml"));

        exitCode.Should().Be(1);
        output.Should().Contain("handlers.default.backend = \"linux-native\": no active plugin gives this backend");
    }

    [Fact]
    public async Task A_wrong_configuration_is_printed_whole_and_nothing_is_touched()
    {
        _folder.Write("config.toml", $"root = \"{_folder.File("root")}\"\nsokcet = 1\nstate = 2\n");

        var (exitCode, _, error) = await RunAsync("--config", _folder.File("config.toml"));

        exitCode.Should().Be(1);
        error.Should().Contain("config.toml:2: ").And.Contain("config.toml:3: ");
        Directory.Exists(_folder.File("root")).Should().BeFalse();
    }

    [Fact]
    public async Task Config_show_prints_values_with_their_origins()
    {
        var (exitCode, output, _) = await RunAsync("config", "show", "--config", _folder.File("config.toml"), "--log-level", "debug");

        exitCode.Should().Be(0);
        output.Split('\n').Should().Contain(line => line.StartsWith("log.level = \"debug\" ") && line.EndsWith(" # --log-level"))
            .And.Contain(line => line.StartsWith("network.plugin = \"cni\" ") && line.EndsWith(" # default"));
    }

    [Fact]
    public async Task An_unknown_flag_exits_with_2_and_the_usage()
    {
        var (exitCode, _, error) = await RunAsync("--verbose");

        exitCode.Should().Be(2);
        error.Should().StartWith("orlopd: unknown argument '--verbose'; ").And.Contain("Usage: orlopd");
    }

    private void WriteConfig(string level) => _folder.Write("config.toml", $"""
        socket = "{_folder.File("run/orlop.sock")}"
        root = "{_folder.File("root")}"
        state = "{_folder.File("run")}"
        plugin_folders = []
        log.level = "{level}"

        """);

    private async Task<Daemon> ServeAsync()
    {
        var daemon = Start("--config", _folder.File("config.toml"));
        await WaitForAsync(daemon, "plugins are active");
        using var client = await ConnectAsync(daemon);
        return daemon;
    }

    // The plugins may be there before the socket is.
    private async Task<Socket> ConnectAsync(Daemon daemon)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await client.ConnectAsync(new UnixDomainSocketEndPoint(_folder.File("run/orlop.sock")));
                return client;
            }
            catch (SocketException)
            {
                client.Dispose();
                daemon.Process.HasExited.Should().BeFalse($"it should serve, and said: {daemon.Output()}{daemon.Error()}");
                await Task.Delay(20, deadline.Token);
            }
        }
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var daemon = Start(arguments);
        await daemon.Process.WaitForExitAsync().WaitAsync(Patience);
        return (daemon.Process.ExitCode, daemon.Output(), daemon.Error());
    }

    private static async Task<(int ExitCode, string Output)> StopAsync(Daemon daemon)
    {
        Signal(daemon.Process, "TERM");
        await daemon.Process.WaitForExitAsync().WaitAsync(Patience);
        return (daemon.Process.ExitCode, daemon.Output());
    }

    private static async Task WaitForAsync(Daemon daemon, string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!daemon.Output().Contains(text, StringComparison.Ordinal))
        {
            daemon.Process.HasExited.Should().BeFalse($"it should say '{text}', and said: {daemon.Output()}{daemon.Error()}");
            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>Whether a process has a handler for a signal; see SigCgt in proc_pid_status(5).</summary>
    private static bool TakesSignal(Process process, int signal)
    {
        string mask = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("SigCgt:", StringComparison.Ordinal))["SigCgt:".Length..];
        return (Convert.ToUInt64(mask.Trim(), 16) >> (signal - 1) & 1) == 1;
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, $"{process.Id}"]);
        kill.WaitForExit();
    }

    private Daemon Start(params string[] arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "orlopd.dll"), .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        var daemon = new Daemon(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _started.Add(process);
        return daemon;
    }

    private sealed class Daemon
    {
        private readonly List<string> _output = [];
        private readonly List<string> _error = [];

        public Daemon(Process process)
        {
            Process = process;
            process.OutputDataReceived += (_, line) => Append(_output, line.Data);
            process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        }

        public Process Process { get; }

        public string Output() => Text(_output);

        public string Error() => Text(_error);

        private static void Append(List<string> lines, string? line)
        {
            lock (lines)
                lines.Add(line ?? "");
        }

        private static string Text(List<string> lines)
        {
            lock (lines)
                return string.Join('\n', lines);
        }
    }
}
