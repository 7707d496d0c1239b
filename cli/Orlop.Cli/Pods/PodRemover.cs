using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cli.Output;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>Ends a pod of <c>orlop run</c> with all that it left: also when its start failed half-way or was cut off.</summary>
internal sealed class PodRemover(CriClient cri, CliContext context, Printer print, PodManifest manifest)
{
    /// <summary>Stops the pod's containers in order; the second signal cuts their grace period off.</summary>
    public async Task StopAsync(string podId)
    {
        var stopper = new PodStopper(cri);
        try
        {
            await stopper.StopAsync(podId, manifest.GracePeriod, context.Signals.Kill);
        }
        catch (OperationCanceledException) when (context.Signals.Kill.IsCancellationRequested)
        {
            await stopper.StopAsync(podId, TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <summary>Stops and, unless it is kept, removes the pod. Failures are shown: the pod's own result is the one to answer.</summary>
    public async Task EndAsync(bool keep)
    {
        try
        {
            // By its uid: a start that was cut off has left no id here.
            var filter = new PodSandboxFilter { LabelSelector = { [Labels.PodUid] = manifest.Uid } };
            foreach (var pod in await cri.PodsAsync(filter, CancellationToken.None))
            {
                await StopAsync(pod.Id);
                if (!keep)
                    await cri.RemovePodAsync(pod.Id, CancellationToken.None);
            }

            if (!keep)
                new PodFolders(context.Paths, new PodSandboxMetadata { Name = manifest.Name, Namespace = manifest.Namespace, Uid = manifest.Uid }).Remove();
        }
        catch (Exception failure) when (failure is CliException or IOException or UnauthorizedAccessException)
        {
            print.Error(failure);
        }
    }
}
