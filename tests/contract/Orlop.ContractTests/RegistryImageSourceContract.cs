using System.Net;
using System.Net.Sockets;
using Orlop.Abstractions.Images;
using Orlop.PluginContracts;
using Orlop.Testing.Images;
using Orlop.Testing.Registry;

namespace Orlop.ContractTests;

/// <summary>Against Debian's docker-registry on loopback.</summary>
public sealed class RegistryImageSourceContract : ImageSourceContract, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orlop-registry-").FullName;
    private readonly PluginScope _scope;
    private RegistryProcess? _registry;
    private PushedImage? _image;

    public RegistryImageSourceContract() => _scope = RegistryScope.Create(Path.Join(_folder, "hosts"));

    protected override ISnapshotter Snapshotter => _scope.Resolve<IEnumerable<ISnapshotter>>().Single(s => s.Name == "overlay");

    protected override string Reference => _image!.Reference;

    protected override async Task<IImageSource> CreateAsync(bool restart = false)
    {
        await _scope.StartAsync();
        return _scope.Resolve<IImageSource>();
    }

    public async Task InitializeAsync()
    {
        int port = FreePort();
        _registry = await RegistryProcess.StartHereAsync(Path.Join(_folder, "registry"), port);
        _image = await _registry.PushAsync(TestImages.Busybox);
        string hosts = Directory.CreateDirectory(Path.Join(_folder, "hosts", _registry.Name)).FullName;
        await File.WriteAllTextAsync(Path.Join(hosts, "hosts.toml"), $"server = \"http://127.0.0.1:{port}\"\n");
    }

    public async Task DisposeAsync()
    {
        await _scope.DisposeAsync();
        if (_registry is not null) await _registry.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
