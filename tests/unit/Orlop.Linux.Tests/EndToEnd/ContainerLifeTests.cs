using Orlop.Abstractions.Execution;
using Orlop.Linux.Tests.Supervisor;

namespace Orlop.Linux.Tests.EndToEnd;

public sealed class ContainerLifeTests(TestNode node) : IClassFixture<TestNode>
{
    [SupervisorFact]
    public async Task A_container_writes_to_its_log_and_ends_with_its_exit_code()
    {
        ISandbox pod = await node.RunPodAsync();

        (ContainerExit exit, string output) = await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "echo hello; exit 3"));

        output.Should().Be("hello\n");
        exit.Should().BeEquivalentTo(new { ExitCode = 3, Reason = ExitReason.Error, Message = "" });
    }
}
