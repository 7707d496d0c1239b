using Autofac;
using Orlop.Abstractions.Plugins;

namespace Orlop.BadPlugins;

/// <summary>Cannot register its parts.</summary>
public sealed class ThrowingModule : PluginModule
{
    protected override void Load(ContainerBuilder builder) => throw new InvalidOperationException("libexample is missing");
}
