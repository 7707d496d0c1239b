using Orlop.Host.Configuration;

namespace Orlop.Host.Hosting;

/// <summary>The configuration that is in force: as read at start, plus what reloads applied since.</summary>
internal sealed class RunningConfig(LoadedConfig started)
{
    private volatile LoadedConfig _current = started;

    public LoadedConfig Current
    {
        get => _current;
        set => _current = value;
    }
}
