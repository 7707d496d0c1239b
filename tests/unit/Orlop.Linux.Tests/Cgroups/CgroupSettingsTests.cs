using CsCheck;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Cgroups;

namespace Orlop.Linux.Tests.Cgroups;

public sealed class CgroupSettingsTests
{
    private static readonly Resources Typical = new()
    {
        Cpu = new CpuResources { Shares = 512, Quota = 50_000, Period = 100_000, Cpus = "0-1", Mems = "0" },
        Memory = new MemoryResources { Limit = 128 << 20, Swap = 256 << 20, Reservation = 64 << 20 },
        Pids = new PidsResources { Limit = 100 },
        HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 4 << 20 }],
    };

    [Fact]
    public void Limits_become_files_of_v1() => Lines(CgroupSettings.Legacy(Typical)).Should().Equal(
        "cpu.shares=512", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000", "cpuset.cpus=0-1", "cpuset.mems=0",
        "memory.limit_in_bytes=134217728", "memory.memsw.limit_in_bytes=268435456", "memory.soft_limit_in_bytes=67108864", "pids.max=100",
        "hugetlb.2MB.limit_in_bytes=4194304?");

    [Fact]
    public void Limits_become_files_of_v2() => Lines(CgroupSettings.Unified(Typical)).Should().Equal(
        "cpu.weight=59", "cpu.max=50000 100000", "cpuset.cpus=0-1", "cpuset.mems=0", "memory.swap.max=134217728", "memory.max=134217728",
        "memory.low=67108864", "pids.max=100", "hugetlb.2MB.max=4194304?", "hugetlb.2MB.rsvd.max=4194304?");

    [Fact]
    public void No_limit_is_minus_one_or_max()
    {
        var none = new Resources { Cpu = new CpuResources { Quota = -1 }, Memory = new MemoryResources { Limit = -1 }, Pids = new PidsResources { Limit = -1 } };

        Lines(CgroupSettings.Legacy(none)).Should().Equal("cpu.cfs_quota_us=-1", "memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1?", "pids.max=max?");
        Lines(CgroupSettings.Unified(none)).Should().Equal("cpu.max=max", "memory.swap.max=max?", "memory.max=max", "pids.max=max?");
    }

    [Theory]
    [InlineData(50_000L, 0UL, "20000 250000", "50000")] // the kernel keeps the period
    [InlineData(-1L, 0UL, "20000 250000", "max")]
    [InlineData(0L, 50_000UL, "20000 250000\n", "20000 50000")]
    [InlineData(0L, 50_000UL, "max 100000\n", "max 50000")]
    [InlineData(0L, 50_000UL, null, "max 50000")]
    [InlineData(-1L, 50_000UL, "20000 250000\n", "max 50000")]
    public void Quota_or_period_alone_leaves_the_other_as_it_is(long quota, ulong period, string? before, string written) =>
        Lines(CgroupSettings.Unified(new Resources { Cpu = new CpuResources { Quota = quota, Period = period } }, before)).Should().Equal($"cpu.max={written}");

    [Theory]
    [InlineData("io.max", "", "8:0 rbps=1048576 wiops=120", "8:0 rbps=max wiops=max")]
    [InlineData("io.max", "8:16 rbps=5 wbps=max riops=max wiops=max\n8:0 rbps=7 wbps=max riops=max wiops=max\n", "8:0 wbps=9", "8:0 rbps=7 wbps=max riops=max wiops=max")]
    [InlineData("io.max", "18:0 rbps=5 wbps=max riops=max wiops=max\n", "8:0 wbps=9", "8:0 wbps=max")]
    [InlineData("io.latency", "", "8:0 target=75", "8:0 target=max")]
    [InlineData("io.weight", "default 100\n", "8:0 300", "8:0 default")]
    [InlineData("io.weight", "default 100\n8:0 200\n", "8:0 300", "8:0 200")]
    [InlineData("io.weight", "default 100\n8:0 200\n", "300", "default 100")]
    [InlineData("io.bfq.weight", "default 100\n", "default 300", "default 100")]
    [InlineData("rdma.max", "mlx4_0 hca_handle=max hca_object=2\n", "mlx4_0 hca_object=4", "mlx4_0 hca_handle=max hca_object=2")]
    [InlineData("io.prio.class", "no-change\n", "idle", "no-change")]
    [InlineData("memory.high", "max\n", "1000", "max")]
    [InlineData("cpu.max", "max 100000\n", "5000 10000", "max 100000")]
    [InlineData("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n", "1", "0")]
    [InlineData("memory.reclaim", null, "1000", null)]
    public void What_was_written_is_taken_back_by(string file, string? before, string line, string? back) => CgroupUndo.Back(file, before, line).Should().Be(back);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(1024, 100)]
    [InlineData(262_144, 10_000)]
    [InlineData(1_000_000, 10_000)]
    public void Weights_meet_minimum_default_and_maximum(ulong shares, ulong weight) => CgroupSettings.CpuWeight(shares).Should().Be(weight);

    [Fact]
    public void More_shares_never_weigh_less() => Gen.Select(Gen.ULong[2, 262_144], Gen.ULong[2, 262_144]).Sample((a, b) =>
        CgroupSettings.CpuWeight(Math.Min(a, b)) <= CgroupSettings.CpuWeight(Math.Max(a, b)) && CgroupSettings.CpuWeight(a) is >= 1 and <= 10_000);

    [Fact]
    public void What_no_kernel_takes_is_refused_before_anything_is_written()
    {
        Refusal(new Resources { Memory = new MemoryResources { Limit = 1000 } }).Should().Contain("memory limit 1000 is too low");
        Refusal(new Resources { Memory = new MemoryResources { Limit = 128 << 20, Swap = 64 << 20 } }).Should().Contain("below the memory limit");
        Refusal(new Resources { Unified = new Dictionary<string, string> { ["memory.high"] = "1" } }).Should().Contain("needs cgroup v2");
        Refusal(new Resources { Unified = new Dictionary<string, string> { ["../memory.high"] = "1" } }, CgroupMode.Unified).Should().Contain("no file of a cgroup");
        Refusal(new Resources { Memory = new MemoryResources { Swap = 64 << 20 } }, CgroupMode.Unified).Should().Contain("needs a memory limit");
    }

    [Theory]
    [InlineData("/kubepods/burstable/pod1", "/kubepods/burstable/pod1")]
    [InlineData("kubepods//pod1/", "/kubepods/pod1")]
    [InlineData("", "/orlop/abc")]
    public void A_pods_cgroup_is_the_kubelets_or_ours(string parent, string path) => CgroupPath.OfPod(Pod(parent)).Should().Be(path);

    [Theory]
    [InlineData("kubepods-burstable.slice", "*systemd slice*")]
    [InlineData("/a/../../b", "*no path of a cgroup*")]
    [InlineData("/", "*no path of a cgroup*")]
    public void A_parent_that_cannot_be_is_refused(string parent, string message)
    {
        Action of = () => CgroupPath.OfPod(Pod(parent));

        of.Should().Throw<RuntimeException>().WithMessage(message);
    }

    private static SandboxSpec Pod(string parent) => new() { Id = "abc", Name = "", Namespace = "", Uid = "", CgroupParent = parent };

    private static string Refusal(Resources resources, CgroupMode mode = CgroupMode.Legacy)
    {
        Action check = () => CgroupSettings.Check(resources, mode);
        return check.Should().Throw<RuntimeException>().Which.Message;
    }

    private static IEnumerable<string> Lines(IReadOnlyList<CgroupSetting> settings) => settings.Select(setting => $"{setting.File}={setting.Value}{(setting.Optional ? "?" : "")}");
}
