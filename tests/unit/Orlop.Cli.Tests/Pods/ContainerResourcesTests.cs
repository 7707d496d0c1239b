using Orlop.Cli.Manifests;
using Orlop.Cli.Pods;

namespace Orlop.Cli.Tests.Pods;

public sealed class ContainerResourcesTests
{
    private const long Memory = 8L << 30;

    private static readonly NodeFacts Node = new()
    {
        HostName = "node", MemoryBytes = Memory, HugepageSizes = ["2MB"], HasSwapController = true, IsCgroup2 = false, ResolvConf = "", Hosts = "",
    };

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(100, 102)]
    [InlineData(1000, 1024)]
    [InlineData(300_000, 262_144)]
    public void Shares_are_1024_a_core(long milliCores, long shares) => ContainerResourcesBuilder.Shares(milliCores).Should().Be(shares);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1000)]
    [InlineData(9, 1000)]
    [InlineData(11, 1100)]
    [InlineData(500, 50_000)]
    [InlineData(2500, 250_000)]
    public void Quota_is_of_a_period_of_100_ms_and_at_least_1_ms(long milliCores, long microseconds) =>
        ContainerResourcesBuilder.Quota(milliCores).Should().Be(microseconds);

    [Fact]
    public void A_limit_stands_for_a_request_that_is_missing()
    {
        var pod = Pod("resources: {limits: {cpu: 500m, memory: 128Mi}}");

        var resources = ContainerResourcesBuilder.Build(pod, pod.Containers[0], Node);

        (resources.CpuShares, resources.CpuQuota, resources.CpuPeriod).Should().Be((512, 50_000, 100_000));
        (resources.MemoryLimitInBytes, resources.MemorySwapLimitInBytes).Should().Be((128 << 20, 128 << 20));
        resources.Unified.Should().BeEmpty();
    }

    [Fact]
    public void On_cgroup_2_a_container_is_killed_as_a_whole()
    {
        var pod = Pod("resources: {}");

        ContainerResourcesBuilder.Build(pod, pod.Containers[0], Node with { IsCgroup2 = true }).Unified.Should().Contain("memory.oom.group", "1");
    }

    [Theory]
    [InlineData("resources: {}", 1000)]
    [InlineData("resources: {limits: {cpu: 1, memory: 1Gi}}", -997)]
    [InlineData("resources: {requests: {cpu: 1}}", 999)]
    [InlineData("resources: {requests: {memory: 2Gi}}", 750)]
    [InlineData("resources: {requests: {memory: 8Gi}}", 3)]
    [InlineData("resources: {requests: {memory: 1Ti}}", 3)]
    [InlineData("resources: {limits: {memory: 2Gi}}", 750)]
    public void The_OOM_score_follows_the_class_of_service(string resources, long score)
    {
        var pod = Pod(resources);

        ContainerResourcesBuilder.OomScore(pod, pod.Containers[0], Memory).Should().Be(score);
    }

    [Fact]
    public void Each_hugepage_size_of_the_node_gets_a_limit()
    {
        var pod = Pod("resources: {limits: {hugepages-2Mi: 4Mi, memory: 1Gi}}");
        var node = Node with { HugepageSizes = ["2MB", "1GB"] };

        ContainerResourcesBuilder.Build(pod, pod.Containers[0], node).HugepageLimits.Select(limit => (limit.PageSize, limit.Limit))
            .Should().Equal(("2MB", 4UL << 20), ("1GB", 0UL));
    }

    [Fact]
    public void A_pod_needs_the_sum_of_its_containers_or_more_for_an_init_container()
    {
        var pod = ManifestFile.Read("pod.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              initContainers:
                - {name: side, image: "i:1", restartPolicy: Always, resources: {requests: {cpu: 100m}, limits: {memory: 10Mi}}}
                - {name: init, image: "i:1", resources: {requests: {cpu: 1}, limits: {memory: 20Mi}}}
              containers:
                - {name: one, image: "i:1", resources: {requests: {cpu: 200m}, limits: {memory: 30Mi}}}
                - {name: two, image: "i:1", resources: {requests: {cpu: 300m}, limits: {memory: 40Mi}}}
            """, _ => { });

        var resources = ContainerResourcesBuilder.BuildPod(pod, Node);

        resources.CpuShares.Should().Be(1126, "init runs beside the sidecar: 1100m");
        resources.MemoryLimitInBytes.Should().Be(80 << 20);
    }

    private static PodManifest Pod(string resources) =>
        ManifestFile.Read("pod.yaml", $"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: c, image: \"i:1\", {resources}}}]}}\n", _ => { });
}
