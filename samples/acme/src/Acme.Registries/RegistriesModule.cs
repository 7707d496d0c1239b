using Acme.Registries;
using Autofac;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Plugins;
using YamlDotNet.Serialization;

[assembly: OrlopPlugin("acme-registries", typeof(RegistriesModule))]

namespace Acme.Registries;

/// <summary>The entry point.</summary>
public sealed class RegistriesModule : PluginModule
{
    /// <inheritdoc/>
    protected override void Load(ContainerBuilder builder)
    {
        string file = Context.Settings.String("file");
        if (!File.Exists(file))
            throw new SkipPluginException($"there is no {file}, which plugins.{Context.Id}.file names");

        var allowed = new Deserializer().Deserialize<string[]?>(File.ReadAllText(file)) ?? [];
        builder.RegisterInstance(new RegistryPolicy(file, allowed)).As<IImagePolicy>();
    }
}
