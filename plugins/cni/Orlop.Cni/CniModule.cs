using Autofac;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Plugins;
using Orlop.Cni;
using Orlop.Cni.Attachments;
using Orlop.Cni.Configuration;
using Orlop.Cni.Execution;
using Orlop.Cni.Namespaces;
using Orlop.Cni.Status;

[assembly: OrlopPlugin("cni", typeof(CniModule))]

namespace Orlop.Cni;

/// <summary>The plugin's parts.</summary>
public sealed class CniModule : PluginModule
{
    /// <inheritdoc/>
    protected override void Load(ContainerBuilder builder)
    {
        CniSettings settings = CniSettings.From(Context.Settings);
        builder.RegisterInstance(settings);
        builder.RegisterInstance(new ConfigurationFolder(settings.ConfFolder));
        builder.RegisterInstance(new PluginBinaries(settings.BinFolders));
        builder.RegisterInstance(Namespaces()).As<INetworkNamespaces>();

        builder.RegisterType<PluginProcess>().SingleInstance();
        builder.RegisterType<PluginCaller>().SingleInstance();
        builder.RegisterType<PluginVersions>().SingleInstance();
        builder.RegisterType<NetworkMonitor>().SingleInstance();

        builder.RegisterType<OperationGate>().SingleInstance();
        builder.RegisterType<AttachmentStore>().SingleInstance();
        builder.RegisterType<AttachmentChain>().SingleInstance();
        builder.RegisterType<AttachmentRelease>().SingleInstance();
        builder.RegisterType<DebtSchedule>().SingleInstance();
        builder.RegisterType<DebtCollector>().SingleInstance();
        builder.RegisterType<GarbageCollector>().SingleInstance();
        builder.RegisterType<PodCidrs>().SingleInstance();

        builder.RegisterType<CniNetwork>().As<IPodNetwork>().As<IPluginService>().SingleInstance();
    }

    private static INetworkNamespaces Namespaces() => OperatingSystem.IsLinux() ? new LinuxNamespaces()
        : OperatingSystem.IsWindows() ? new HcnNamespaces()
        : throw new SkipPluginException("CNI plugins run on Linux and Windows only");
}
