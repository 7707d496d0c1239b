using System.Diagnostics;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Supervisor;

public sealed class StressTests
{
    [SupervisorFact]
    public async Task Three_thousand_starts_survive_a_garbage_collector_that_never_rests()
    {
        const int Starts = 3000;
        using var supervisor = new LiveSupervisor(environment: ["DOTNET_GCgen0size=10000"]); // hexadecimal: 64 KiB between collections
        using var stop = new CancellationTokenSource();
        for (int i = 0; i < 40; i++) supervisor.Launch(new TestLaunch($"kept-{i}") { Program = b => b.Call("exit", SyscallNumber.ExitGroup, [0]) });
        Task garbage = Task.Run(() =>
        {
            // Each answer is some 10 KB of garbage, made while the other thread's launches share memory with their children.
            using SupervisorConnection other = supervisor.Connect();
            while (!stop.IsCancellationRequested)
            {
                other.Send(new WireWriter().Complete(MessageKind.Describe, 1));
                if (other.Receive() is null) break;
            }
        });

        int before = supervisor.Describe().Collections, bad = 0;
        var program = new TestLaunch("e")
        {
            Kind = ProcessKind.Exec,
            Output = OutputMode.Discard,
            Program = b =>
            {
                for (int i = 0; i < 50; i++) b.Call("getpid", SyscallNumber.GetPid, []);
                b.Call("exit", SyscallNumber.ExitGroup, [7]);
            },
        };
        for (int i = 0; i < Starts; i++)
        {
            if (new WaitStatus(supervisor.Exec(program).Exit.Status).ExitCode != 7) bad++;
        }

        Description after = supervisor.Describe();
        await stop.CancelAsync();
        await garbage;
        bad.Should().Be(0);
        after.Faults.Should().Be(0, after.LastFault);
        (after.Collections - before).Should().BeGreaterThan(Starts / 20, "otherwise nothing was under stress");
    }

    [SupervisorFact]
    public void Memory_does_not_grow_with_what_has_passed_through()
    {
        using var supervisor = new LiveSupervisor();
        long Used() => File.ReadLines($"/proc/{supervisor.ProcessId}/smaps_rollup").Where(l => l.StartsWith("Private_Dirty:", StringComparison.Ordinal)).Select(l => long.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])).Single();
        void Work()
        {
            for (int i = 0; i < 20; i++) supervisor.Exec(new TestLaunch("e") { Kind = ProcessKind.Exec, CaptureLimit = 16 << 20, Script = "seq 1 100000" });
        }

        Work();
        long first = Settled(Used);
        Work();
        Work();

        (Settled(Used) - first).Should().BeLessThan(300, "of KiB");
        Directory.GetFiles($"/proc/{supervisor.ProcessId}/fd").Length.Should().BeLessThan(15);
    }

    // The supervisor gives memory back half a second after its last work.
    private static long Settled(Func<long> used)
    {
        long lowest = used();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(2);) lowest = Math.Min(lowest, used());
        return lowest;
    }
}
