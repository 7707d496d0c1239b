using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;
using Orlop.Cri.V1;
using Spectre.Console;

namespace Orlop.Cli.Commands.Listing;

/// <summary><c>orlop ps</c>: the running containers, or all of them.</summary>
internal sealed class PsCommand : CriCommand
{
    private readonly Option<bool> _all = new("--all", "-a") { Description = "Also containers that do not run" };
    private readonly Option<string?> _pod = new("--pod", "-p") { Description = "Only the containers of this pod", HelpName = "POD" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Only ids" };

    public PsCommand(CliContext context, GlobalOptions options)
        : base("ps", "List containers", context, options)
    {
        Add(_all);
        Add(_pod);
        Add(_quiet);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var filter = new ContainerFilter();
        if (!arguments.GetValue(_all))
            filter.State = new ContainerStateValue { State = ContainerState.ContainerRunning };

        if (arguments.GetValue(_pod) is { } pod)
            filter.PodSandboxId = (await cri.FindPodAsync(pod, cancellationToken)).Id;

        var containers = (await cri.ContainersAsync(filter, cancellationToken)).OrderByDescending(container => container.CreatedAt).ToList();
        if (arguments.GetValue(_quiet))
        {
            containers.ForEach(container => Print.Line(container.Id));
            return ExitCodes.Success;
        }

        var images = await ImageNames.ReadAsync(cri, cancellationToken);
        var statuses = await ExitsAsync(cri, containers, cancellationToken);
        var views = containers.Select(container => ContainerView.Of(container, statuses.GetValueOrDefault(container.Id), images.Of(container))).ToList();

        if (WantsJson(arguments))
        {
            Print.Json(views, CliJson.Readable.IReadOnlyListContainerView);
            return ExitCodes.Success;
        }

        var table = Cells.NewTable("CONTAINER ID", "NAME", "POD", "IMAGE", "STATE", "ATTEMPT", "AGE");
        foreach (var (container, view) in containers.Zip(views))
        {
            table.AddRow(ShortId.Of(view.Id), Cells.Text(view.Name), Cells.Text(view.PodName), Cells.Text(view.Image),
                Cells.Container(container.State, view.ExitCode), $"{view.Attempt}", Human.Age(container.CreatedAt, Context.Time));
        }

        Print.Table(table);
        return ExitCodes.Success;
    }

    /// <summary>A list has no exit codes: they are in the status of each exited container.</summary>
    private static async Task<Dictionary<string, ContainerStatus>> ExitsAsync(
        CriClient cri, IReadOnlyList<Container> containers, CancellationToken cancellationToken)
    {
        var statuses = new Dictionary<string, ContainerStatus>(StringComparer.Ordinal);
        foreach (var container in containers.Where(container => container.State == ContainerState.ContainerExited))
        {
            try
            {
                statuses[container.Id] = (await cri.ContainerStatusAsync(container.Id, verbose: false, cancellationToken)).Status;
            }
            catch (CliException failure) when (CriErrors.IsNotFound(failure))
            {
                // Removed since the list was taken: it stays in the list without a code.
            }
        }

        return statuses;
    }
}
