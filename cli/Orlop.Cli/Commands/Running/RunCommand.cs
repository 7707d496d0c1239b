using System.CommandLine;
using System.Text;
using Orlop.Cli.Client;
using Orlop.Cli.Commands.Images;
using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cli.Output;
using Orlop.Cli.Pods;

namespace Orlop.Cli.Commands.Running;

/// <summary><c>orlop run</c>: runs a pod from a manifest, in the foreground with its logs or detached.</summary>
internal sealed class RunCommand : CriCommand
{
    private readonly Argument<string> _manifest = new("manifest") { Description = "A file with a v1 Pod in YAML or JSON, or - for standard input" };
    private readonly Option<bool> _detach = new("--detach", "-d") { Description = "Leave the pod running and print its id" };
    private readonly Option<bool> _keep = new("--keep") { Description = "Leave the stopped pod for a look at it, instead of removing it" };
    private readonly Option<bool> _timestamps = new("--timestamps", "-t") { Description = "Begin each line of the logs with its time" };
    private readonly CredentialOptions _credentials = new();

    public RunCommand(CliContext context, GlobalOptions options)
        : base("run", "Run a pod from a manifest; Ctrl-C stops and removes it", context, options)
    {
        Add(_manifest);
        Add(_detach);
        Add(_keep);
        Add(_timestamps);
        _credentials.AddTo(this);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        string file = arguments.GetValue(_manifest)!;
        var manifest = ManifestFile.Read(file == "-" ? "standard input" : file, await ReadAsync(file, cancellationToken), Print.Warning);
        var credentials = await _credentials.ReadAsync(arguments, Context, cancellationToken);

        bool detach = arguments.GetValue(_detach);
        if (detach && manifest.RestartPolicy is RestartPolicy.Always or RestartPolicy.OnFailure)
            Print.Warning($"restartPolicy {manifest.RestartPolicy} works only in the foreground: nothing restarts the containers of a detached pod");

        await CheckNamesakeAsync(cri, manifest, cancellationToken);
        var starter = new PodStarter(cri, Context, manifest);
        var images = await PullAsync(cri, starter, manifest, credentials, cancellationToken);

        var remover = new PodRemover(cri, Context, Print, manifest);
        bool leave = false;
        try
        {
            var pod = await starter.StartAsync(images, cancellationToken);
            var run = new PodRun(cri, Context, Print, manifest, pod, arguments.GetValue(_timestamps));
            int code = detach ? await run.StartDetachedAsync(cancellationToken) : await run.RunAsync(remover, cancellationToken);
            if (detach)
                ShowDetached(arguments, manifest, pod);

            leave = detach;
            return code;
        }
        finally
        {
            if (!leave)
                await remover.EndAsync(keep: arguments.GetValue(_keep) && !detach);
        }
    }

    private async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file))
            throw CliException.Usage($"read {file}", "it is a folder; name a file with one pod manifest");

        try
        {
            using var reader = new StreamReader(file == "-" ? Context.Input : File.OpenRead(file), Encoding.UTF8, true, -1, leaveOpen: file == "-");
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"read {file}", failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : failure.Message);
        }
    }

    /// <summary>Two pods of one name would fight for ports and confuse everyone who names them.</summary>
    private static async Task CheckNamesakeAsync(CriClient cri, PodManifest manifest, CancellationToken cancellationToken)
    {
        var namesake = (await cri.PodsAsync(filter: null, cancellationToken)).FirstOrDefault(pod =>
            pod.State == Cri.V1.PodSandboxState.SandboxReady && pod.Metadata.Name == manifest.Name && pod.Metadata.Namespace == manifest.Namespace);
        if (namesake is not null)
        {
            throw new CliException($"run pod {manifest.Namespace}/{manifest.Name}", $"a pod of this name runs already ({ShortId.Of(namesake.Id)})",
                $"remove it first with: orlop rm --force {ShortId.Of(namesake.Id)}");
        }
    }

    private async Task<IReadOnlyDictionary<string, Cri.V1.Image>> PullAsync(
        CriClient cri, PodStarter starter, PodManifest manifest, Cri.V1.AuthConfig? credentials, CancellationToken cancellationToken)
    {
        var puller = new ImagePuller(cri, Context, Print);
        var images = new Dictionary<string, Cri.V1.Image>(StringComparer.Ordinal);
        foreach (var container in manifest.InitContainers.Concat(manifest.Containers).DistinctBy(container => (container.Image, container.PullPolicy)))
        {
            string name = container.Image;
            var image = (await cri.ImageStatusAsync(name, verbose: false, cancellationToken)).Image;
            if (container.PullPolicy == ImagePullPolicy.Always || (image is null && container.PullPolicy == ImagePullPolicy.IfNotPresent))
            {
                string id = await puller.PullAsync(name, credentials, starter.SandboxConfig, cancellationToken);
                image = (await cri.ImageStatusAsync(id, verbose: false, cancellationToken)).Image;
            }

            images[name] = image ?? throw new CliException($"find image {name}", "it is not here, and imagePullPolicy is Never", $"pull it first with: orlop pull {name}");
        }

        return images;
    }

    private void ShowDetached(ParseResult arguments, PodManifest manifest, StartedPod pod)
    {
        if (WantsJson(arguments))
            Print.Json(new RunView(pod.Id, manifest.Name, manifest.Namespace, manifest.Uid, pod.Addresses, pod.ContainerIds), CliJson.Readable.RunView);
        else
            Print.Line(pod.Id);
    }
}
