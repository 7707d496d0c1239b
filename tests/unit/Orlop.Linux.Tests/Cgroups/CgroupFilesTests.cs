using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Cgroups;

namespace Orlop.Linux.Tests.Cgroups;

public sealed class CgroupFilesTests
{
    private const string Legacy = """
        25 1 0:24 / / rw - ext4 /dev/vda rw
        30 25 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
        31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:5 - cgroup cgroup rw,cpu,cpuacct
        32 30 0:28 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
        33 30 0:29 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,xattr,name=systemd
        34 25 0:30 / /elsewhere/pids rw - cgroup cgroup rw,pids
        """;

    [Fact]
    public void Hierarchies_of_v1_are_found_with_their_controllers()
    {
        CgroupLayout layout = CgroupLayout.Parse(Legacy, "/sys/fs/cgroup", _ => "");

        layout.Mode.Should().Be(CgroupMode.Legacy);
        layout.Find("cpuacct")!.MountPoint.Should().Be("/sys/fs/cgroup/cpu,cpuacct");
        layout.Find("pids").Should().BeNull();
        layout.Hierarchies.Should().HaveCount(3).And.ContainSingle(tree => tree.Name == "systemd" && tree.Controllers.Count == 0);
        layout.Missing.Should().Equal("cpuset", "pids", "devices", "hugetlb");
    }

    [Fact]
    public void A_v2_tree_beside_them_is_hybrid()
    {
        CgroupLayout layout = CgroupLayout.Parse(Legacy + "\n40 30 0:40 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw", "/sys/fs/cgroup", _ => "");

        layout.Mode.Should().Be(CgroupMode.Hybrid);
        layout.UnifiedMountPoint.Should().Be("/sys/fs/cgroup/unified");
        layout.Hierarchies.Should().HaveCount(3);
    }

    [Fact]
    public void A_v2_tree_alone_is_unified()
    {
        CgroupLayout layout = CgroupLayout.Parse("40 25 0:40 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "/sys/fs/cgroup", _ => "cpu memory pids\n");

        layout.Mode.Should().Be(CgroupMode.Unified);
        layout.Find("memory")!.MountPoint.Should().Be("/sys/fs/cgroup");
        layout.Missing.Should().Equal("cpuset", "hugetlb");
    }

    [Fact]
    public void A_node_without_cgroups_is_skipped()
    {
        Action parse = () => CgroupLayout.Parse("25 1 0:24 / / rw - ext4 /dev/vda rw", "/sys/fs/cgroup", _ => "");

        parse.Should().Throw<SkipPluginException>();
    }

    [Fact]
    public void Usage_is_read_from_v1()
    {
        var files = new Dictionary<string, string>
        {
            ["cpuacct.usage"] = "123456789\n", ["memory.usage_in_bytes"] = "1000\n", ["memory.limit_in_bytes"] = "9223372036854771712\n", ["pids.current"] = "3\n",
            ["memory.stat"] = "rss 1\ninactive_file 5\ntotal_rss 300\ntotal_inactive_file 400\ntotal_pgfault 7\ntotal_pgmajfault 2\ntotal_swap 0\n",
        };

        CgroupUsage.Legacy((_, file) => files.GetValueOrDefault(file)).Should().Be(new ResourceUsage
        {
            CpuNanoseconds = 123456789, MemoryBytes = 1000, WorkingSetBytes = 600, RssBytes = 300, PageFaults = 7, MajorPageFaults = 2, SwapBytes = 0, Processes = 3,
        });
    }

    [Fact]
    public void Usage_is_read_from_v2()
    {
        var files = new Dictionary<string, string>
        {
            ["cpu.stat"] = "usage_usec 1500\nuser_usec 1\n", ["memory.current"] = "1000\n", ["memory.max"] = "4096\n", ["pids.current"] = "3\n", ["memory.swap.current"] = "9\n",
            ["memory.stat"] = "anon 300\nfile 1\ninactive_file 1400\npgfault 7\npgmajfault 2\n",
            ["memory.pressure"] = "some avg10=1.50 avg60=0.25 avg300=0.00 total=12345\nfull avg10=0.50 avg60=0.00 avg300=0.00 total=67\n",
            ["cpu.pressure"] = "some avg10=0.00 avg60=0.00 avg300=2.00 total=9\n",
        };

        CgroupUsage.Unified((_, file) => files.GetValueOrDefault(file)).Should().Be(new ResourceUsage
        {
            CpuNanoseconds = 1_500_000, MemoryBytes = 1000, WorkingSetBytes = 0, RssBytes = 300, PageFaults = 7, MajorPageFaults = 2, MemoryLimitBytes = 4096, SwapBytes = 9, Processes = 3,
            MemoryPressure = new Pressure(new PressureTime(12_345_000, 1.5, 0.25, 0), new PressureTime(67_000, 0.5, 0, 0)),
            CpuPressure = new Pressure(new PressureTime(9_000, 0, 0, 2), new PressureTime(0, 0, 0, 0)),
        });
    }

    [Fact]
    public void What_the_kernel_does_not_count_is_null() => CgroupUsage.Unified((_, _) => null).Should().Be(new ResourceUsage());
}
