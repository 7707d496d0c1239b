using System.CommandLine;
using Orlop.Bench.Measuring;
using Orlop.Bench.Scenarios;

namespace Orlop.Bench;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        var endpoint = new Option<string>("--endpoint") { Description = "the CRI socket: unix:///run/orlop/orlop.sock", Required = true };
        var name = new Option<string>("--name") { Description = "how the runtime is called in the output", DefaultValueFactory = _ => "runtime" };
        var image = new Option<string>("--image") { Description = "an image with a shell", Required = true };
        var pull = new Option<string[]>("--pull") { Description = "images whose pull is measured", AllowMultipleArgumentsPerToken = true };
        var cgroup = new Option<string>("--cgroup") { Description = "the cgroup that runtime and pods run in, for CPU time: /bench", DefaultValueFactory = _ => "" };
        var processes = new Option<string[]>("--processes") { Description = "names of the runtime's processes, for memory", AllowMultipleArgumentsPerToken = true };
        var rounds = new Option<int>("--rounds") { Description = "how often each life is measured", DefaultValueFactory = _ => 50 };
        var only = new Option<string[]>("--only") { Description = "scenarios: pods, containers, exec, lists, pull, memory", AllowMultipleArgumentsPerToken = true };
        var root = new RootCommand("Measures a container runtime through its CRI socket and prints one JSON object a line.")
        {
            endpoint, name, image, pull, cgroup, processes, rounds, only,
        };

        root.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new BenchClient(parsed.GetRequiredValue(endpoint), parsed.GetRequiredValue(image), parsed.GetRequiredValue(cgroup));
            var report = new Report(parsed.GetRequiredValue(name), Console.Out, new CpuMeter(parsed.GetRequiredValue(cgroup)));
            var processNames = parsed.GetValue(processes) ?? [];
            IReadOnlyList<Scenario> all =
            [
                new PodLives(client, report, parsed.GetValue(rounds)),
                new ContainerLives(client, report, parsed.GetValue(rounds)),
                new Execs(client, report, parsed.GetValue(rounds)),
                new Lists(client, report, parsed.GetValue(rounds)),
                new Pulls(client, report, parsed.GetValue(pull) ?? []),
                new Memory(client, report, new MemoryMeter(processNames)),
            ];

            var wanted = parsed.GetValue(only) is { Length: > 0 } some ? all.Where(s => some.Contains(s.Name)).ToList() : all;
            foreach (var scenario in wanted) await scenario.RunAsync(cancellationToken);
            return 0;
        });
        return await root.Parse(arguments).InvokeAsync();
    }
}
