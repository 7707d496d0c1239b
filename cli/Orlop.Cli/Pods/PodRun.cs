using System.Text;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Logs;
using Orlop.Cli.Manifests;
using Orlop.Cli.Output;

namespace Orlop.Cli.Pods;

/// <summary>Runs a started pod's containers: init containers one after another, then all others at once.</summary>
internal sealed class PodRun
{
    // After a stop the containers' last output is read for this long.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly CliContext _context;
    private readonly Printer _print;
    private readonly PodManifest _manifest;
    private readonly StartedPod _pod;
    private readonly ContainerRunner _runner;
    private readonly bool _timestamps;
    private readonly Lock _gate = new(); // lines of the containers do not mix

    public PodRun(CriClient cri, CliContext context, Printer print, PodManifest manifest, StartedPod pod, bool timestamps)
    {
        (_context, _print, _manifest, _pod, _timestamps) = (context, print, manifest, pod, timestamps);
        _runner = new ContainerRunner(cri, context, pod);
    }

    /// <summary>Starts all containers and answers, once the init containers have done their work.</summary>
    public async Task<int> StartDetachedAsync(CancellationToken cancellationToken)
    {
        foreach (var container in _manifest.InitContainers)
        {
            string id = await _runner.StartAsync(container, attempt: 0, cancellationToken);
            if (!container.IsSidecar)
                CheckInit(await _runner.WaitAsync(container, id, attempt: 0, PrinterOf(container), cancellationToken));
        }

        foreach (var container in _manifest.Containers)
            await _runner.StartAsync(container, attempt: 0, cancellationToken);

        return ExitCodes.Success;
    }

    /// <summary>Runs the containers to their end, or until a signal; answers the code of the last one that failed.</summary>
    public async Task<int> RunAsync(PodRemover remover, CancellationToken cancellationToken)
    {
        using var lifetime = new CancellationTokenSource();
        var sidecars = new List<Task>();
        try
        {
            foreach (var container in _manifest.InitContainers)
            {
                string id = await _runner.StartAsync(container, attempt: 0, cancellationToken);
                if (container.IsSidecar)
                    sidecars.Add(_runner.WaitAsync(container, id, attempt: 0, PrinterOf(container), lifetime.Token));
                else
                    CheckInit(await _runner.WaitAsync(container, id, attempt: 0, PrinterOf(container), cancellationToken));
            }

            var results = await RunContainersAsync(remover, lifetime.Token, cancellationToken);
            if (_context.Signals.ExitCode != 0)
                return _context.Signals.ExitCode;

            var failed = results.Where(result => result.ExitCode != 0).MaxBy(result => result.FinishedAt);
            return failed?.ExitCode ?? ExitCodes.Success;
        }
        finally
        {
            // Sidecars end when the pod is stopped.
            if (sidecars.Count > 0)
            {
                await remover.StopAsync(_pod.Id);
                await DrainAsync(Task.WhenAll(sidecars), lifetime);
            }
        }
    }

    private async Task<IReadOnlyList<ContainerResult>> RunContainersAsync(
        PodRemover remover, CancellationToken lifetime, CancellationToken stop)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(lifetime);
        var ids = new List<(ContainerManifest Container, string Id)>();
        foreach (var container in _manifest.Containers)
            ids.Add((container, await _runner.StartAsync(container, attempt: 0, stop)));

        var running = Task.WhenAll(ids.Select(started => SuperviseAsync(started.Container, started.Id, life.Token, stop)));
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(asked.SetResult);
        if (await Task.WhenAny(running, asked.Task) == running)
            return await running;

        _print.Note($"stopping pod {_manifest.Name} within {_manifest.GracePeriod.TotalSeconds:0} s; another signal kills it");
        await remover.StopAsync(_pod.Id);
        await DrainAsync(running, life);
        return [];
    }

    /// <summary>Waits for a container and starts it again as the restart policy says, until a stop is asked for.</summary>
    private async Task<ContainerResult> SuperviseAsync(ContainerManifest container, string id, CancellationToken life, CancellationToken stop)
    {
        var backoff = new RestartBackoff(_context.Time);
        for (uint attempt = 0; ; attempt++)
        {
            backoff.Started();
            var result = await _runner.WaitAsync(container, id, attempt, PrinterOf(container), life);
            bool restart = !stop.IsCancellationRequested
                && (_manifest.RestartPolicy == RestartPolicy.Always || (_manifest.RestartPolicy == RestartPolicy.OnFailure && result.ExitCode != 0));
            if (result.ExitCode != 0 && !stop.IsCancellationRequested)
                _print.Note(Describe(result));

            if (!restart)
                return result;

            var delay = backoff.Next();
            _print.Note($"container {container.Name} is restarted in {delay.TotalSeconds:0} s (restartPolicy {_manifest.RestartPolicy})");
            try
            {
                await Task.Delay(delay, _context.Time, stop);
                id = await _runner.RestartAsync(container, id, attempt + 1, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return result;
            }
        }
    }

    private static async Task DrainAsync(Task containers, CancellationTokenSource life)
    {
        life.CancelAfter(LastWords);
        try
        {
            await containers;
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // A container that does not end although its pod was stopped: the removal deals with it.
        }
    }

    private static void CheckInit(ContainerResult result)
    {
        if (result.ExitCode != 0)
            throw new CliException($"run init container {result.Name}", Reason(result), "the containers were not started", result.ExitCode);
    }

    private static string Describe(ContainerResult result) => $"container {result.Name}: {Reason(result)}";

    private static string Reason(ContainerResult result)
    {
        string reason = result.Reason.Length > 0 ? $" ({result.Reason})" : "";
        return $"exited with {result.ExitCode}{reason}" + (result.Message.Length > 0 ? $": {result.Message.Trim()}" : "");
    }

    private LogPrinter PrinterOf(ContainerManifest container)
    {
        var all = _manifest.InitContainers.Concat(_manifest.Containers).ToList();
        byte[] prefix = [];
        if (all.Count > 1)
        {
            int width = all.Max(other => other.Name.Length);
            prefix = Encoding.UTF8.GetBytes(Prefix(container.Name.PadRight(width) + " | ", all.IndexOf(container)));
        }

        return new LogPrinter(_context.Output, _context.Error, prefix, _timestamps, _gate);
    }

    /// <summary>On a terminal each container has its colour: cyan, yellow, green, magenta, blue, and again.</summary>
    private string Prefix(string text, int index) =>
        _context is { OutputIsTerminal: true, ColoursAllowed: true } ? $"\e[{new[] { 36, 33, 32, 35, 34 }[index % 5]}m{text}\e[0m" : text;
}
