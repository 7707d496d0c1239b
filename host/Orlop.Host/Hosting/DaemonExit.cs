namespace Orlop.Host.Hosting;

/// <summary>The exit code of the daemon: 0 unless a part asks for another before it stops the host.</summary>
internal sealed class DaemonExit
{
    private volatile int _code;

    public int Code
    {
        get => _code;
        set => _code = value;
    }
}
