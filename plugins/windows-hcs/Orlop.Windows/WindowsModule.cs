using System.Runtime.Versioning;
using Autofac;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Plugins;
using Orlop.Windows;
using Orlop.Windows.Backend;
using Orlop.Windows.Compute;
using Orlop.Windows.Host;
using Orlop.Windows.Planning;

[assembly: OrlopPlugin("windows-hcs", typeof(WindowsModule))]

namespace Orlop.Windows;

/// <summary>The plugin's parts.</summary>
public sealed class WindowsModule : PluginModule
{
    private const int OldestBuild = 17763; // Windows Server 2019: the first with HCN namespaces for pods

    /// <inheritdoc/>
    protected override void Load(ContainerBuilder builder)
    {
        if (!OperatingSystem.IsWindows()) throw new SkipPluginException("the Host Compute Service exists on Windows only");
        if (!OperatingSystem.IsWindowsVersionAtLeast(10, 0, OldestBuild)) throw new SkipPluginException($"Windows {Environment.OSVersion.Version} is too old: pods need Windows Server 2019 (build {OldestBuild}) or later");
        if (!File.Exists(Path.Join(Environment.SystemDirectory, "computecore.dll"))) throw new SkipPluginException("computecore.dll is missing: install the Windows feature Containers");

        RegisterHost(builder);
        builder.RegisterInstance(WindowsSettings.From(Context.Settings));
        builder.RegisterType<BackendRecords>().SingleInstance();
        builder.RegisterType<StopPolicy>().SingleInstance();
        builder.Register(c => new ContainerPlanner(c.Resolve<IHostPaths>(), c.Resolve<IHostInfo>().Processors)).SingleInstance();
        builder.RegisterType<BackendParts>().SingleInstance();
        builder.RegisterType<WindowsBackend>().As<IExecutionBackend>().SingleInstance();
    }

    [SupportedOSPlatform("windows")]
    private static void RegisterHost(ContainerBuilder builder)
    {
        builder.RegisterType<HcsComputeApi>().As<IComputeApi>().SingleInstance();
        builder.RegisterType<HcnNetworkApi>().As<INetworkApi>().SingleInstance();
        builder.RegisterType<FilterLayerApi>().As<ILayerApi>().SingleInstance();
        builder.RegisterType<WindowsHost>().As<IHostInfo>().As<IHostPaths>().SingleInstance();
    }
}
