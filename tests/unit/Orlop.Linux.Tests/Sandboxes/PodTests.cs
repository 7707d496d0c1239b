using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Containers;
using Orlop.Linux.Kernel;
using Orlop.Linux.Programs;
using Orlop.Linux.Protocol;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Sandboxes;

public sealed class PodTests
{
    private static readonly LinuxNamespace[] Shared =
        [new() { Type = "network", Path = "/run/netns/x" }, new() { Type = "ipc", Path = "/proc/7/ns/ipc" }, new() { Type = "uts", Path = "/proc/7/ns/uts" }];

    [Fact]
    public void A_resolver_is_written_in_the_usual_order() => PodFiles.Resolver(new DnsConfig(["1.1.1.1", "8.8.8.8"], ["a.b"], ["ndots:5", "timeout:1"]))
        .Should().Be("search a.b\nnameserver 1.1.1.1\nnameserver 8.8.8.8\noptions ndots:5 timeout:1\n");

    [Fact]
    public void Interfaces_are_read_without_loopback() => LinuxSandbox.Interfaces(
        "Inter-|   Receive |  Transmit\n face |bytes\n    lo: 1 1 0 0 0 0 0 0 2 2 0 0 0 0 0 0\n  eth0:100 2 3 0 0 0 0 0 400 5 6 0 0 0 0 0\n")
        .Should().Equal(new InterfaceUsage("eth0", 100, 3, 400, 6));

    [Fact]
    public void Shared_namespaces_are_inherited_and_missing_ones_are_the_nodes()
    {
        NamespacePlan plan = NamespacePlan.Create([new() { Type = "mount" }, new() { Type = "pid" }, Shared[0], new() { Type = "ipc" }], Shared);

        plan.Cloned.Should().Be(CloneFlags.NewMount | CloneFlags.NewPid);
        plan.Unshared.Should().Be(CloneFlags.NewIpc);
        plan.Joined.Should().Equal((CloneFlags.NewUts, "/proc/self/ns/uts"));
    }

    [Fact]
    public void The_init_is_a_program_for_this_machine()
    {
        byte[] image = PodInit.Image();

        image.Should().HaveCount(149).And.StartWith([0x7F, (byte)'E', (byte)'L', (byte)'F']);
    }

    [Fact]
    public void Start_ticks_are_found_behind_any_name() =>
        ProcessIdentity.ParseStartTicks("42 (a) b) (c) S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2").Should().Be(98765);

    [Fact]
    public void A_zombie_does_not_live() => ProcessIdentity.ParseStartTicks("42 (a) Z 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2").Should().BeNull();

    [Fact]
    public void Capabilities_are_limited_to_what_we_have() =>
        OwnProcess.ParseCapabilities("Name:\tx\nCapInh:\t0\nCapPrm:\t00000000000000ff\nCapEff:\t0\nCapBnd:\t00000000000000f0\n").Should().Be(0xf0);

    [Theory]
    [InlineData(0, 0, false, 0, ExitReason.Completed)]
    [InlineData(0x300, 0, false, 3, ExitReason.Error)]
    [InlineData(9, 0, true, 137, ExitReason.Error)]
    [InlineData(9, 1, false, 137, ExitReason.OutOfMemory)]
    [InlineData(15, 0, false, 143, ExitReason.Error)]
    [InlineData(0x8B, 0, false, 139, ExitReason.Error)]
    [InlineData(0, 2, false, 0, ExitReason.Completed)]
    [InlineData(0x9F, 0, true, 159, ExitReason.SeccompKilled)]
    [InlineData(0x9F, 0, false, 159, ExitReason.Error)]
    public void A_status_becomes_code_and_reason(int status, long oomKills, bool isFiltered, int code, ExitReason reason) =>
        ContainerExits.From(new ExitRecord { Status = status, OomKills = oomKills }, isFiltered).Should().BeEquivalentTo(new { ExitCode = code, Reason = reason });

    [Fact]
    public void Times_keep_their_ticks()
    {
        DateTimeOffset at = new(2026, 11, 23, 20, 0, 0, 123, TimeSpan.Zero);

        ContainerExits.At(ContainerExits.Nanoseconds(at)).Should().Be(at);
    }
}
