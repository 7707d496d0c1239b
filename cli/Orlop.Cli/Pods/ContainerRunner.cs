using System.Text;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Logs;
using Orlop.Cli.Manifests;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>Makes and starts a pod's containers, and waits for them while their logs are printed.</summary>
internal sealed class ContainerRunner(CriClient cri, CliContext context, StartedPod pod)
{
    private const int LongestMessage = 4096; // what the kubelet takes of a termination message

    /// <summary>Answers the container's id.</summary>
    public async Task<string> StartAsync(ContainerManifest container, uint attempt, CancellationToken cancellationToken)
    {
        pod.Folders.CreateLogFolder(container.Name);
        var request = new CreateContainerRequest
        {
            PodSandboxId = pod.Id,
            Config = pod.Builder.Build(container, pod.Images[container.Image], attempt),
            SandboxConfig = pod.Config,
        };
        string id = await cri.CreateContainerAsync(request, cancellationToken);
        pod.ContainerIds[container.Name] = id;
        await cri.StartContainerAsync(id, container.Name, cancellationToken);
        return id;
    }

    /// <summary>Removes the attempt that has ended and starts the next.</summary>
    public async Task<string> RestartAsync(ContainerManifest container, string endedId, uint attempt, CancellationToken cancellationToken)
    {
        await cri.RemoveContainerAsync(endedId, cancellationToken);
        return await StartAsync(container, attempt, cancellationToken);
    }

    /// <summary>Prints the container's log until it has ended, and says how.</summary>
    public async Task<ContainerResult> WaitAsync(ContainerManifest container, string id, uint attempt, LogPrinter printer, CancellationToken cancellationToken)
    {
        string path = Path.Combine(pod.Folders.Logs, ContainerConfigBuilder.LogPathOf(container.Name, attempt));
        await foreach (var line in new LogReader(path, context.Time).ReadAsync(tail: null, token => cri.MayStillWriteAsync(id, token), cancellationToken))
            printer.Print(line);

        printer.Finish();
        var status = (await cri.ContainerStatusAsync(id, verbose: false, cancellationToken)).Status;
        return new ContainerResult(container.Name, status.ExitCode, status.Reason, MessageOf(status, container), status.FinishedAt);
    }

    /// <summary>What the container left in its termination message file, else the runtime's own message.</summary>
    private static string MessageOf(ContainerStatus status, ContainerManifest container)
    {
        var mount = status.Mounts.FirstOrDefault(mount => mount.ContainerPath == container.TerminationMessagePath);
        if (mount is null || !File.Exists(mount.HostPath))
            return status.Message;

        using var file = File.OpenRead(mount.HostPath);
        byte[] text = new byte[LongestMessage];
        int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return length > 0 ? Encoding.UTF8.GetString(text, 0, length) : status.Message;
    }
}
