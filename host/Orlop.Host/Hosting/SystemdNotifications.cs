using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Orlop.Host.Hosting;

/// <summary>Tells systemd the state of a <c>Type=notify-reload</c> service; see sd_notify(3). Silent where nobody listens.</summary>
internal sealed class SystemdNotifications
{
    private readonly SystemdNotifier _notifier = new();

    /// <summary>The start may take so long from now on, also where the unit allows less.</summary>
    public void MayTake(TimeSpan time) => Send($"EXTEND_TIMEOUT_USEC={time.TotalMicroseconds:F0}");

    public void Ready() => Send("READY=1");

    public void Reloading() => Send($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetElapsedTime(0).TotalMicroseconds:F0}");

    public void Stopping() => Send("STOPPING=1");

    public void Alive() => Send("WATCHDOG=1");

    /// <summary>How often systemd wants to hear that we live; null when it does not watch this process.</summary>
    public static TimeSpan? WatchdogInterval
    {
        get
        {
            string? pid = Environment.GetEnvironmentVariable("WATCHDOG_PID");
            return long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
                && microseconds > 0
                && (pid is null || string.Equals(pid, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                ? TimeSpan.FromMicroseconds(microseconds)
                : null;
        }
    }

    private void Send(string state)
    {
        if (_notifier.IsEnabled)
            _notifier.Notify(new ServiceState(state));
    }
}
