using System.Diagnostics;
using Orlop.Testing;
using Orlop.Testing.Machines;

namespace Orlop.Linux.Tests.Supervisor;

/// <summary>A cgroup with a small memory limit.</summary>
internal sealed class TestCgroup : IDisposable
{
    private readonly string _name = $"/orlop-test-{Guid.NewGuid():N}";
    private readonly Hierarchy _tree = CgroupTree.For("memory");

    public TestCgroup()
    {
        CgroupTree.Create(_name);
        File.WriteAllText($"{Path}/{(_tree.IsV2 ? "memory.max" : "memory.limit_in_bytes")}", "16M");
    }

    public string Path => _tree.Folder(_name);

    /// <summary>The file that counts what the kernel killed for memory.</summary>
    public string OomEvents => $"{Path}/{(_tree.IsV2 ? "memory.events" : "memory.oom_control")}";

    public void WaitUntilEmpty()
    {
        var watch = Stopwatch.StartNew();
        while (File.ReadAllText($"{Path}/cgroup.procs").Length > 0) watch.Elapsed.Should().BeLessThan(Deadline.Seconds(20));
    }

    public void Dispose()
    {
        WaitUntilEmpty();
        CgroupTree.Remove(_name);
    }
}
