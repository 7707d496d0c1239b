using Autofac;
#if (isSnapshotter)
using Orlop.Abstractions.Images;
#endif
#if (isHook)
using Orlop.Abstractions.Lifecycle;
#endif
#if (isNetwork)
using Orlop.Abstractions.Networking;
#endif
using Orlop.Abstractions.Plugins;
using Vendor.Plugin;

[assembly: OrlopPlugin("plugin-id", typeof(PluginEntry))]

namespace Vendor.Plugin;

/// <summary>What the host asks when it loads the plugin: its parts, registered in a scope of its own.</summary>
public sealed class PluginEntry : PluginModule
{
#if (isNetwork)
    /// <summary>The network namespace that stands for the node; null is the host's own. For tests.</summary>
    public string? NodeNamespace { get; init; }

#endif
    /// <inheritdoc/>
    protected override void Load(ContainerBuilder builder)
    {
#if (isHook)
        builder.RegisterType<EnvironmentHook>().As<ILifecycleHook>().SingleInstance();
#endif
#if (isNetwork)
        builder.RegisterInstance(new Links(NodeNamespace));
        builder.RegisterType<Leases>().SingleInstance();
        builder.RegisterType<BridgeNetwork>().As<IPodNetwork>().As<IPluginService>().SingleInstance();
#endif
#if (isSnapshotter)
        builder.RegisterType<LayerBook>().SingleInstance();
        builder.RegisterType<Usage>().SingleInstance();
        builder.RegisterType<LayerSnapshotter>().As<ISnapshotter>().As<IPluginService>().SingleInstance();
#endif
    }
}
