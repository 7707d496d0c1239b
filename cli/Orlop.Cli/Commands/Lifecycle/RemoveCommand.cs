using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Pods;
using Orlop.Cri.V1;

namespace Orlop.Cli.Commands.Lifecycle;

/// <summary><c>orlop rm</c>: removes stopped pods and containers; with force also running ones.</summary>
internal sealed class RemoveCommand : CriCommand
{
    private readonly Argument<string[]> _targets = new("target") { Description = "Pods and containers", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Also when it runs: it is killed" };

    public RemoveCommand(CliContext context, GlobalOptions options)
        : base("rm", "Remove pods and containers", context, options)
    {
        Add(_targets);
        Add(_force);
    }

    protected override Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        bool force = arguments.GetValue(_force);
        return ForEachAsync(arguments.GetValue(_targets)!, async reference =>
        {
            var target = await Target.FindAsync(cri, reference, cancellationToken);
            if (target.Pod is { } pod)
                await RemovePodAsync(cri, pod, force, cancellationToken);
            else
                await RemoveContainerAsync(cri, target.Container!, force, cancellationToken);

            Print.Line(target.Id);
        });
    }

    private async Task RemovePodAsync(CriClient cri, PodSandbox pod, bool force, CancellationToken cancellationToken)
    {
        if (pod.State == PodSandboxState.SandboxReady && !force)
        {
            throw new CliException($"remove pod {pod.Metadata.Name}", "it is still ready",
                $"stop it first with: orlop stop {ShortId.Of(pod.Id)}, or use --force");
        }

        if (force)
            await new PodStopper(cri).StopAsync(pod.Id, TimeSpan.Zero, cancellationToken);

        await cri.RemovePodAsync(pod.Id, cancellationToken);
        if (pod.Annotations.TryGetValue(Labels.CreatedBy, out string? creator) && creator == Labels.CreatedByRun)
            new PodFolders(Context.Paths, pod.Metadata).Remove();
    }

    private static async Task RemoveContainerAsync(CriClient cri, Container container, bool force, CancellationToken cancellationToken)
    {
        if (container.State == ContainerState.ContainerRunning)
        {
            if (!force)
            {
                throw new CliException($"remove container {container.Metadata.Name}", "it still runs",
                    $"stop it first with: orlop stop {ShortId.Of(container.Id)}, or use --force");
            }

            await cri.StopContainerAsync(container.Id, TimeSpan.Zero, cancellationToken);
        }

        await cri.RemoveContainerAsync(container.Id, cancellationToken);
    }
}
