using System.Globalization;
using CsCheck;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Cgroups;

namespace Orlop.Linux.Tests.Cgroups;

public sealed class CgroupTextProperties
{
    private static readonly Gen<string> Key = Gen.String[Gen.Char["ab_."], 1, 6]; // short, so that keys begin with one another
    private static readonly Gen<string> AnyText = Gen.String[Gen.Char["ab 019-+max\n\r\t\0é"], 0, 60];
    private static readonly string[] Controllers = ["cpu", "cpuacct", "cpuset", "memory", "pids", "devices", "freezer", "blkio", "hugetlb"];

    [Fact]
    public void A_key_has_its_own_value_whatever_other_keys_begin_like_it() =>
        Gen.Select(Gen.Dictionary(Key, Gen.ULong)[0, 8], Key, (values, key) => (values, key)).Sample(
            stat =>
            {
                string text = string.Concat(stat.values.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}\n")));

                foreach (var (key, value) in stat.values) CgroupText.Value(text, key).Should().Be(value);
                CgroupText.Value(text, stat.key).Should().Be(stat.values.TryGetValue(stat.key, out ulong known) ? known : null);
            },
            iter: 2000);

    [Fact]
    public void Numbers_and_process_ids_are_read_back() => Gen.Select(Gen.ULong, Gen.Int[1, int.MaxValue].Array[0, 10]).Sample(
        (number, pids) =>
        {
            CgroupText.Number(number.ToString(CultureInfo.InvariantCulture) + "\n").Should().Be(number);
            CgroupText.ProcessIds(string.Concat(pids.Select(pid => pid.ToString(CultureInfo.InvariantCulture) + "\n"))).Should().Equal(pids);
        },
        iter: 2000);

    [Fact]
    public void Any_text_is_usage_or_none() => Gen.Select(AnyText, AnyText, (stat, number) => (stat, number)).Sample(
        files =>
        {
            string Read(string controller, string file) => file.EndsWith(".stat", StringComparison.Ordinal) ? files.stat : files.number;
            var (legacy, unified) = (CgroupUsage.Legacy(Read), CgroupUsage.Unified(Read));

            CgroupText.ProcessIds(files.stat).Should().NotContain(pid => pid < 0);
            (legacy.WorkingSetBytes ?? 0).Should().BeLessThanOrEqualTo(legacy.MemoryBytes ?? 0);
            (unified.WorkingSetBytes ?? 0).Should().BeLessThanOrEqualTo(unified.MemoryBytes ?? 0);
        },
        iter: 5000);

    [Fact]
    public void Each_controller_is_found_in_the_tree_that_it_is_mounted_with() => Gen.Int[0, 4].Array[Controllers.Length].Sample(
        trees =>
        {
            var mounted = Controllers.Zip(trees).GroupBy(pair => pair.Second, pair => pair.First).ToList();
            string mountInfo = string.Join('\n', mounted.Select(tree => $"3{tree.Key} 30 0:27 / /sys/fs/cgroup/tree{tree.Key} rw,nosuid shared:5 - cgroup cgroup rw,{string.Join(',', tree)}"));

            CgroupLayout layout = CgroupLayout.Parse(mountInfo, "/sys/fs/cgroup", _ => "");

            layout.Hierarchies.Should().HaveCount(mounted.Count);
            foreach (var (controller, tree) in Controllers.Zip(trees)) layout.Find(controller)!.MountPoint.Should().Be($"/sys/fs/cgroup/tree{tree}");
            layout.Missing.Should().BeEmpty();
        });

    [Fact]
    public void A_damaged_mount_table_gives_what_is_whole_or_is_refused()
    {
        const string Whole = "31 30 0:27 / /sys/fs/cgroup/cpu rw shared:5 - cgroup cgroup rw,cpu\n40 30 0:40 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
        Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Int[0, 40], Gen.String[Gen.Char[" -,/\ncgroup2\0"], 0, 8]).Sample(
            (at, length, instead) =>
            {
                string damaged = Whole[..at] + instead + Whole[Math.Min(at + length, Whole.Length)..];
                try
                {
                    CgroupLayout.Parse(damaged, "/sys/fs/cgroup", _ => "memory\n").Hierarchies.Should().NotBeEmpty();
                }
                catch (SkipPluginException none)
                {
                    none.Message.Should().Contain("no cgroups");
                }
            },
            iter: 5000);
    }
}
