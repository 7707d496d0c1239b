using Acme.Defaults;
using Autofac;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;

[assembly: OrlopPlugin("acme-defaults", typeof(DefaultsModule))]

namespace Acme.Defaults;

/// <summary>The entry point.</summary>
public sealed class DefaultsModule : PluginModule
{
    /// <inheritdoc/>
    protected override void Load(ContainerBuilder builder)
    {
        string file = Context.Settings.String("file");
        if (!File.Exists(file))
            throw new SkipPluginException($"there is no {file}, which plugins.{Context.Id}.file names");

        builder.RegisterInstance(DefaultsFile.Read(file));
        builder.RegisterType<DefaultsHook>().As<ILifecycleHook>().SingleInstance();
    }
}
