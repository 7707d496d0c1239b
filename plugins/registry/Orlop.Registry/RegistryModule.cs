using Autofac;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Plugins;
using Orlop.Registry;
using Orlop.Registry.Content;
using Orlop.Registry.Hosts;
using Orlop.Registry.Http;
using Orlop.Registry.Manifests;
using Orlop.Registry.Pull;
using Orlop.Registry.Store;
using Orlop.Snapshots;

[assembly: OrlopPlugin("registry", typeof(RegistryModule))]

namespace Orlop.Registry;

/// <summary>Registers the image source, the content store and the snapshotters <c>overlay</c> and <c>copy</c>.</summary>
public sealed class RegistryModule : PluginModule
{
    /// <inheritdoc/>
    protected override void Load(ContainerBuilder builder)
    {
        var settings = Context.Settings;
        var pinned = new PinnedImages(settings.Strings("pinned_images"));
        int downloads = (int)settings.Integer("max_concurrent_downloads");

        builder.RegisterInstance(new RegistryLimits());
        builder.RegisterInstance(new RegistryHosts(settings.Strings("hosts_folders")));
        builder.RegisterInstance(PlatformMatcher.ForThisMachine());
        builder.RegisterInstance(pinned);
        builder.RegisterType<StoreGate>().SingleInstance();
        builder.Register(c => new ContentStore(Path.Combine(Context.RootFolder, "content"), c.Resolve<TimeProvider>())).AsSelf().As<IContentStore>().SingleInstance();

        builder.RegisterType<OverlaySnapshotter>().WithParameter("folder", Path.Combine(Context.RootFolder, "overlay"))
            .As<DirectorySnapshotter>().As<ISnapshotter>().SingleInstance();
        builder.RegisterType<CopySnapshotter>().WithParameter("folder", Path.Combine(Context.RootFolder, "copy"))
            .As<DirectorySnapshotter>().As<ISnapshotter>().SingleInstance();

        builder.RegisterType<HttpTransports>().SingleInstance();
        builder.RegisterType<RegistryClientFactory>().SingleInstance();
        builder.RegisterType<ImageStore>().SingleInstance();
        builder.RegisterType<PullLedger>().SingleInstance();
        builder.RegisterType<ContentCollector>().SingleInstance();
        builder.RegisterType<ImageResolver>().SingleInstance();
        builder.RegisterType<BlobFetcher>().WithParameter("maxConcurrent", downloads).SingleInstance();
        builder.RegisterType<LayerUnpacker>().SingleInstance();
        builder.RegisterType<ImagePuller>().SingleInstance();
        builder.RegisterType<RegistryImageSource>().As<IImageSource>().SingleInstance();
        builder.RegisterType<RegistryService>().As<IPluginService>().SingleInstance();
    }
}
