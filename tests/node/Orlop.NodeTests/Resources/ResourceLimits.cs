namespace Orlop.NodeTests.Resources;

public sealed class ResourceLimits(Node node) : NodeTest(node)
{
    private const long Mebibyte = 1 << 20;

    [NodeFact]
    public async Task A_container_reads_its_own_limit()
    {
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync(
            "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null; touch /sys/fs/cgroup/x /sys/fs/cgroup/memory/x 2>/dev/null || echo readonly",
            config => config.Linux.Resources.MemoryLimitInBytes = 48 * Mebibyte);

        finished.Lines.Should().Equal((48 * Mebibyte).ToString(), "readonly");
    }
}
