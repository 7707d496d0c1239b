using System.Text;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing;

namespace Orlop.Linux.Tests.EndToEnd;

public sealed class ManyPodsTests(TestNode node) : IClassFixture<TestNode>
{
    [SupervisorFact]
    public async Task Pods_do_not_get_in_each_others_way()
    {
        int[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(PodAsync));

        results.Should().AllBeEquivalentTo(0);
        (await node.Backend.MeasureAsync(default)).Should().BeEmpty();
    }

    private async Task<int> PodAsync(int number)
    {
        ISandbox pod = await node.RunPodAsync(TestNode.Pod() with { Hostname = $"pod-{number}" });
        int[] codes = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            ContainerSpec spec = node.Container(pod, "sh", "-c", "hostname; sleep 1000");
            IContainer container = await TestNode.StartAsync(pod, spec);
            ExecResult[] answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => container.ExecAsync(new ExecSpec { Command = ["sh", "-c", $"hostname; exit {i}"] }, default)));
            for (int i = 0; i < answers.Length; i++)
                if (answers[i].ExitCode != i || Encoding.UTF8.GetString(answers[i].Stdout.Span) != $"pod-{number}\n") return 1;
            await container.KillAsync(default);
            ContainerExit exit = await container.Exit.WaitAsync(Deadline.Seconds(60));
            return exit.ExitCode == 137 && TestNode.Output(spec) == $"pod-{number}\n" ? 0 : 2;
        }));
        await pod.RemoveAsync(TestNode.Silence.Instance, default);
        return codes.Sum();
    }
}
