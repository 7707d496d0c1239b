using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>Brings a pod to where its containers can be made: folders, volumes, sandbox, hosts file.</summary>
internal sealed class PodStarter
{
    private readonly CriClient _cri;
    private readonly CliContext _context;
    private readonly PodManifest _manifest;
    private readonly NodeFacts _node;

    public PodStarter(CriClient cri, CliContext context, PodManifest manifest)
    {
        (_cri, _context, _manifest) = (cri, context, manifest);
        _node = NodeFacts.Read(context.Paths);
        SandboxConfig = SandboxConfigBuilder.Build(manifest, _node, context.Paths);
    }

    public PodSandboxConfig SandboxConfig { get; }

    public async Task<StartedPod> StartAsync(IReadOnlyDictionary<string, Image> images, CancellationToken cancellationToken)
    {
        var status = await _cri.StatusAsync(verbose: false, cancellationToken);
        var handler = status.RuntimeHandlers.FirstOrDefault(handler => handler.Name == _manifest.RuntimeHandler);

        var folders = new PodFolders(_context.Paths, SandboxConfig.Metadata);
        folders.Create();
        var volumes = new VolumeResolver(_manifest, folders, handler?.Features?.RecursiveReadOnlyMounts ?? false);
        volumes.Prepare();

        string id = await _cri.RunPodAsync(SandboxConfig, _manifest.RuntimeHandler, cancellationToken);
        var addresses = PodAddresses.Of((await _cri.PodStatusAsync(id, verbose: false, cancellationToken)).Status);
        string hosts = folders.WriteHosts(HostsFile.Build(_manifest, SandboxConfigBuilder.HostnameOf(_manifest), addresses, _node.Hosts));

        var environment = new EnvironmentBuilder(_manifest, _node.HostName, addresses);
        var builder = new ContainerConfigBuilder(_manifest, _node, _context.Paths, folders, volumes, hosts, environment);
        return new StartedPod(id, addresses, SandboxConfig, images, builder, folders);
    }
}
