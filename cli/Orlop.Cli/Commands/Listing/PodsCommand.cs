using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;
using Orlop.Cri.V1;
using Spectre.Console;

namespace Orlop.Cli.Commands.Listing;

/// <summary><c>orlop pods</c>: all pods with their addresses and how many of their containers run.</summary>
internal sealed class PodsCommand : CriCommand
{
    private readonly Option<bool> _ready = new("--ready") { Description = "Only ready pods" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Only ids" };

    public PodsCommand(CliContext context, GlobalOptions options)
        : base("pods", "List pods", context, options)
    {
        Add(_ready);
        Add(_quiet);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var filter = arguments.GetValue(_ready)
            ? new PodSandboxFilter { State = new PodSandboxStateValue { State = PodSandboxState.SandboxReady } }
            : null;
        var pods = (await cri.PodsAsync(filter, cancellationToken)).OrderByDescending(pod => pod.CreatedAt).ToList();

        if (arguments.GetValue(_quiet))
        {
            pods.ForEach(pod => Print.Line(pod.Id));
            return ExitCodes.Success;
        }

        var containers = (await cri.ContainersAsync(filter: null, cancellationToken)).ToLookup(container => container.PodSandboxId);
        var views = new List<PodView>();
        foreach (var pod in pods)
            views.Add(ViewOf(pod, await AddressesAsync(cri, pod.Id, cancellationToken), [.. containers[pod.Id]]));

        if (WantsJson(arguments))
        {
            Print.Json(views, CliJson.Readable.IReadOnlyListPodView);
            return ExitCodes.Success;
        }

        var table = Cells.NewTable("POD ID", "NAME", "NAMESPACE", "STATE", "RUNNING", "IP", "ATTEMPT", "AGE");
        foreach (var (pod, view) in pods.Zip(views))
        {
            table.AddRow(ShortId.Of(view.Id), Cells.Text(view.Name), Cells.Text(view.Namespace), Cells.Pod(pod.State),
                $"{view.RunningContainers}/{view.Containers}", Cells.Text(view.Addresses.Count > 0 ? string.Join(',', view.Addresses) : "-"),
                $"{view.Attempt}", Human.Age(pod.CreatedAt, Context.Time));
        }

        Print.Table(table);
        return ExitCodes.Success;
    }

    private static PodView ViewOf(PodSandbox pod, IReadOnlyList<string> addresses, IReadOnlyList<Container> containers) => new(
        pod.Id, pod.Metadata.Name, pod.Metadata.Namespace, pod.Metadata.Uid, pod.Metadata.Attempt, Names.Of(pod.State), addresses,
        containers.Count(container => container.State == ContainerState.ContainerRunning), containers.Count,
        pod.RuntimeHandler, Human.Timestamp(pod.CreatedAt), pod.Labels, pod.Annotations);

    private static async Task<IReadOnlyList<string>> AddressesAsync(CriClient cri, string id, CancellationToken cancellationToken)
    {
        try
        {
            return PodAddresses.Of((await cri.PodStatusAsync(id, verbose: false, cancellationToken)).Status);
        }
        catch (CliException failure) when (CriErrors.IsNotFound(failure))
        {
            return []; // removed since the list was taken
        }
    }
}
