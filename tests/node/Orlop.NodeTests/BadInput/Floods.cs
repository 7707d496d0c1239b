using System.Diagnostics;
using System.Globalization;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.BadInput;

/// <summary>Containers that take all they can get: the others and the daemon go on, and all of it is on record.</summary>
public sealed class Floods(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task A_log_that_is_flooded_loses_no_line_and_holds_nobody_up()
    {
        const int lines = 5000, blocks = 500; // a block is 1 MB
        await using var pod = await Node.RunPodAsync();
        await using var other = await Node.RunPodAsync();
        var neighbour = await other.StartAsync("sleep 1000");
        var flood = await pod.StartAsync(
            $"seq -w 1 {lines} | sed 's/$/ {new string('x', 195)}/' > /block; n=0; while [ $n -lt {blocks} ]; do cat /block; n=$((n + 1)); done; echo end");
        var supervisor = Supervisor(pod);

        var slowest = TimeSpan.Zero;
        var most = 0L;
        while ((await flood.StatusAsync()).State == ContainerState.ContainerRunning)
        {
            var watch = Stopwatch.StartNew();
            (await neighbour.ReadAsync("echo here")).Should().Be("here");
            (await Node.Cri.Runtime.ListContainersAsync(new())).Containers.Should().NotBeEmpty();
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            most = Math.Max(most, ProcessMemory.Peak(supervisor));
        }

        slowest.Should().BeLessThan(TimeSpan.FromSeconds(10), "a flood is nobody else's matter");
        most.Should().BeInRange(1, 32 << 20, "a supervisor passes output on and keeps none");
        (await flood.WaitForExitAsync()).ExitCode.Should().Be(0);
        Verify(flood.LogPath, lines, blocks);
    }

    [NodeFact]
    public async Task A_pod_that_is_out_of_processes_is_stopped_like_any_other()
    {
        await using var pod = await Node.RunPodAsync();
        var limit = Path.Combine(CgroupTree.For("pids").Folder(pod.Config.Linux.CgroupParent), "pids.max");
        await File.WriteAllTextAsync(limit, "40");
        var bomb = await pod.StartAsync("b() { b | b & }; echo ready; while :; do b; sleep 1; done 2>/dev/null");
        await bomb.WaitForLogAsync("ready");
        await Eventually.PassesAsync(async () => (await File.ReadAllTextAsync(Path.ChangeExtension(limit, "current"))).Trim().Should().BeOneOf("39", "40"));

        await using (var other = await Node.RunPodAsync())
        {
            (await other.RunAsync("echo others go on")).Output.Should().Be("others go on\n");
        }

        await bomb.StopAsync(TimeSpan.Zero);
        (await bomb.StatusAsync()).State.Should().Be(ContainerState.ContainerExited);
        await bomb.RemoveAsync();
        (await pod.RunAsync("echo next")).Output.Should().Be("next\n");
    }

    [NodeFact]
    public async Task A_container_that_fills_its_memory_is_OOMKilled_and_its_neighbour_goes_on()
    {
        await using var pod = await Node.RunPodAsync();
        var neighbour = await pod.StartAsync("sleep 1000", config => config.Linux.Resources.MemoryLimitInBytes = 32 << 20);

        var greedy = await pod.RunAsync("x=$(cat /dev/zero | tr '\\0' x)", config => config.Linux.Resources.MemoryLimitInBytes = 32 << 20);

        (greedy.Status.ExitCode, greedy.Status.Reason).Should().Be((137, "OOMKilled"));
        (await neighbour.ReadAsync("echo here")).Should().Be("here");
    }

    /// <summary>Every line of every block, in order and whole.</summary>
    private static void Verify(string path, int lines, int blocks)
    {
        var expected = Enumerable.Range(1, lines).Select(number => $" stdout F {number.ToString(CultureInfo.InvariantCulture).PadLeft(4, '0')} {new string('x', 195)}").ToArray();
        var count = 0;
        foreach (var line in File.ReadLines(path))
        {
            var wanted = count == lines * blocks ? " stdout F end" : expected[count % lines];
            if (!line.AsSpan().EndsWith(wanted, StringComparison.Ordinal) || line.Length != wanted.Length + "2023-11-14T22:13:20.000000000Z".Length)
            {
                throw new InvalidDataException($"line {count + 1} of {path} should end with \"{wanted[..20]}…\" and is: {line}");
            }

            count++;
        }

        count.Should().Be((lines * blocks) + 1);
    }

    private static int Supervisor(Pod pod) => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
        .First(pid => Command(pid) is var command && command.Contains("orlop-supervisor", StringComparison.Ordinal) && command.Contains(pod.Id[..32], StringComparison.Ordinal));

    private static string Command(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }
}
