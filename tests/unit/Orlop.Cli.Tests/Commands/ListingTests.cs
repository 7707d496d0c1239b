using Orlop.Cli.Tests.Fakes;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Commands;

public sealed class ListingTests
{
    [Theory]
    [InlineData("ps.txt", "ps")]
    [InlineData("ps-all.txt", "ps", "-a")]
    [InlineData("ps-all.json", "ps", "-a", "--output", "json")]
    [InlineData("pods.txt", "pods")]
    [InlineData("pods.json", "pods", "-o", "json")]
    [InlineData("images.txt", "images", "--digests")]
    [InlineData("images.json", "images", "--output", "json")]
    public async Task A_list_looks_as_documented(string golden, params string[] arguments)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);

        var result = await runtime.RunAsync(arguments);

        result.Error.Should().BeEmpty();
        result.Code.Should().Be(0);
        result.Output.ShouldMatchGolden(golden);
    }

    [Fact]
    public async Task A_terminal_gets_colours_and_a_pipe_and_NO_COLOR_get_none()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        string plain = (await runtime.RunAsync("ps", "-a")).Output;

        runtime.IsTerminal = true;
        string coloured = (await runtime.RunAsync("ps", "-a")).Output;
        runtime.Environment["NO_COLOR"] = "1";
        string noColour = (await runtime.RunAsync("ps", "-a")).Output;

        plain.Should().NotContain("\e");
        coloured.Should().Contain("\e[32mrunning\e[0m").And.Contain("\e[91mexited (137)\e[0m");
        noColour.Should().NotContain("\e[3").And.Contain("exited (137)");
    }

    [Fact]
    public async Task Quiet_lists_are_ids_only()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);

        (await runtime.RunAsync("ps", "--quiet", "--pod", "shop")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should().BeEquivalentTo(SampleNode.Web, SampleNode.Proxy);
        (await runtime.RunAsync("pods", "-q", "--ready")).Output.Should().Be(FakeNode.IdOf("pod shop") + "\n");
    }

    [Fact]
    public async Task Stats_come_from_two_samples()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        runtime.Node.Stats.Enqueue([Sample(SampleNode.Web, "web", second: 10, cpuSeconds: 5), Sample(SampleNode.Job, "job", second: 10, cpuSeconds: 1)]);
        runtime.Node.Stats.Enqueue([Sample(SampleNode.Web, "web", second: 12, cpuSeconds: 8), Sample(SampleNode.Job, "job", second: 10, cpuSeconds: 1, rate: 250_000_000)]);

        var result = await runtime.RunAsync("stats", "--interval", "1ms");

        result.Output.ShouldMatchGolden("stats.txt");
    }

    private static ContainerStats Sample(string id, string name, int second, ulong cpuSeconds, ulong? rate = null) => new()
    {
        Attributes = new ContainerAttributes { Id = id, Metadata = new ContainerMetadata { Name = name }, Labels = { ["io.kubernetes.pod.name"] = "shop" } },
        Cpu = new CpuUsage
        {
            Timestamp = second * 1_000_000_000L, UsageCoreNanoSeconds = new UInt64Value { Value = cpuSeconds * 1_000_000_000 },
            UsageNanoCores = rate is { } value ? new UInt64Value { Value = value } : null,
        },
        Memory = new MemoryUsage { WorkingSetBytes = new UInt64Value { Value = 12 << 20 } },
        WritableLayer = new FilesystemUsage { UsedBytes = new UInt64Value { Value = 4096 } },
    };
}
