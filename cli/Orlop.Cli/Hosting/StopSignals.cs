using System.Runtime.InteropServices;

namespace Orlop.Cli.Hosting;

/// <summary>
/// The wish to stop, as it comes from Ctrl-C, TERM or HUP. The first signal asks to end in order, the second to end now;
/// a third is left to the operating system.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _gate = new(); // orders signals, which arrive on any thread of the pool
    private int _received;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Kill => _kill.Token;

    /// <summary>128 plus the number of the first signal; 0 while none has come.</summary>
    public int ExitCode { get; private set; }

    public static StopSignals OfProcess()
    {
        var signals = new StopSignals();
        foreach (var (signal, number) in new[] { (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1) })
            signals._registrations.Add(PosixSignalRegistration.Create(signal, arrived => arrived.Cancel = signals.Raise(number)));

        return signals;
    }

    /// <summary>Counts a signal; false when it was one too many to be handled here.</summary>
    public bool Raise(int number)
    {
        int count;
        lock (_gate)
        {
            count = ++_received;
            if (count == 1)
                ExitCode = ExitCodes.SignalBase + number;
        }

        switch (count)
        {
            case 1:
                _stop.Cancel();
                return true;
            case 2:
                _kill.Cancel();
                return true;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
        _kill.Dispose();
    }
}
