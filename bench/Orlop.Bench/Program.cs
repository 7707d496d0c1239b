using System.CommandLine;
using Orlop.Bench.Measuring;
using Orlop.Bench.Nodes;
using Orlop.Bench.Reporting;
using Orlop.Bench.Scenarios;

namespace Orlop.Bench;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        var root = new RootCommand("Measures container runtimes through their CRI sockets, in turns, and writes one JSON object a line.") { Run(), Report() };
        return await root.Parse(arguments).InvokeAsync();
    }

    private static Command Run()
    {
        var runtimes = Many("--runtime", "a runtime and its CRI socket: orlop=unix:///run/orlop/orlop.sock");
        runtimes.Required = true;
        var cgroups = Many("--cgroup", "the cgroup that a runtime and its pods run in, for CPU time and memory: orlop=/bench/orlop");
        var starts = Many("--start", "a program that becomes the runtime's daemon, for start-up and recovery: orlop=/tmp/start-orlop");
        var image = new Option<string>("--image") { Description = "an image with a shell", Required = true };
        var pull = Many("--pull", "images alike, whose pull and unpack is measured; the first one warms");
        var samples = new Option<int>("--samples") { Description = "how often each life is measured", DefaultValueFactory = _ => 50 };
        var only = Many("--only", "some scenarios: pods, containers, exec, lists, pull, residents");
        var output = new Option<FileInfo?>("--output") { Description = "where the results go; else standard output" };
        var command = new Command("run", "Measures.") { runtimes, cgroups, starts, image, pull, samples, only, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var nodes = NodeOptions.Read(parsed.GetValue(runtimes) ?? [], parsed.GetValue(cgroups) ?? [], parsed.GetValue(starts) ?? [], parsed.GetRequiredValue(image));
            await using var writer = parsed.GetValue(output) is { } file ? file.CreateText() : Console.Out;
            try
            {
                var results = new Results(writer);
                var rounds = new Rounds(nodes, results);
                int count = parsed.GetValue(samples);
                IReadOnlyList<IScenario> all =
                [
                    new Residents(nodes, rounds, results, Math.Max(3, count / 5)),
                    new PodLives(rounds, count),
                    new ContainerLives(nodes, rounds, count),
                    new Execs(nodes, rounds, count * 2),
                    new Lists(nodes, rounds, Math.Max(3, count / 2)),
                    new Pulls(nodes, rounds, parsed.GetValue(pull) ?? []),
                ];

                foreach (var node in nodes)
                {
                    if (node.Daemon is not null) await node.Daemon.StartAsync(cancellationToken);
                    await node.Client.PullAsync(cancellationToken);
                }

                var wanted = parsed.GetValue(only) is { Length: > 0 } some ? all.Where(s => some.Contains(s.Name, StringComparer.Ordinal)) : all;
                foreach (var scenario in wanted)
                {
                    await Console.Error.WriteLineAsync($"bench: {scenario.Name} …");
                    await scenario.RunAsync(cancellationToken);
                }

                return 0;
            }
            finally
            {
                foreach (var node in nodes)
                {
                    node.Client.Dispose();
                    node.Daemon?.Dispose();
                }
            }
        });
        return command;
    }

    private static Command Report()
    {
        var results = new Argument<FileInfo>("results") { Description = "what `run` wrote" };
        var document = new Argument<FileInfo>("document") { Description = "the Markdown file whose tables are replaced" };
        var machine = new Option<FileInfo?>("--machine") { Description = "Markdown that describes the machine and the versions" };
        var command = new Command("report", "Writes the results as tables into a document, between its markers.") { results, document, machine };
        command.SetAction(parsed =>
        {
            var figures = Results.Read(parsed.GetRequiredValue(results).FullName);
            string about = parsed.GetValue(machine) is { } file ? File.ReadAllText(file.FullName) : "";
            MarkdownDocument.Replace(parsed.GetRequiredValue(document).FullName, about + MarkdownTables.Write(figures));
        });
        return command;
    }

    private static Option<string[]> Many(string name, string description) => new(name) { Description = description, AllowMultipleArgumentsPerToken = true };
}
