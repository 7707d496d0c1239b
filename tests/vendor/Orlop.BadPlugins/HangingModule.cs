using Autofac;
using Orlop.Abstractions.Plugins;

namespace Orlop.BadPlugins;

/// <summary>Never comes back from <c>Load</c>.</summary>
public sealed class HangingModule : PluginModule
{
    protected override void Load(ContainerBuilder builder)
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
    }
}
