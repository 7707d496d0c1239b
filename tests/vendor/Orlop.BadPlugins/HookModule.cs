using Autofac;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;

namespace Orlop.BadPlugins;

/// <summary>A hook that changes nothing: there is nothing wrong with it but what a test does to its folder or manifest.</summary>
public sealed class HookModule : PluginModule
{
    protected override void Load(ContainerBuilder builder) => builder.RegisterInstance(new QuietHook(Context.Id)).As<ILifecycleHook>();

    private sealed class QuietHook(string name) : ILifecycleHook
    {
        public string Name => name;
    }
}
