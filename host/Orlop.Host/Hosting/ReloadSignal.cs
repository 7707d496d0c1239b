using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Orlop.Host.Hosting;

/// <summary>
/// Takes SIGHUP from the moment that it is made, before anybody reads it: the signal's default would end a daemon that is
/// still starting. Signals that nobody has taken yet count as one.
/// </summary>
internal sealed class ReloadSignal : IDisposable
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PosixSignalRegistration? _registration;

    public ReloadSignal()
    {
        if (OperatingSystem.IsWindows())
            return;

        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _signals.Writer.TryWrite(true);
        });
    }

    /// <summary>One item for each wish to reload.</summary>
    public IAsyncEnumerable<bool> ReadAllAsync(CancellationToken cancellationToken) => _signals.Reader.ReadAllAsync(cancellationToken);

    public void Dispose() => _registration?.Dispose();
}
