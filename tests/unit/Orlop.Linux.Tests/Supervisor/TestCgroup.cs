using System.Diagnostics;

namespace Orlop.Linux.Tests.Supervisor;

/// <summary>A memory cgroup (v1) with a small limit; absent where that hierarchy is.</summary>
internal sealed class TestCgroup : IDisposable
{
    public TestCgroup()
    {
        Path = $"/sys/fs/cgroup/memory/orlop-test-{Guid.NewGuid():N}";
        Exists = File.Exists("/sys/fs/cgroup/memory/memory.oom_control");
        if (!Exists) return;
        Directory.CreateDirectory(Path);
        File.WriteAllText($"{Path}/memory.limit_in_bytes", "16M");
    }

    public string Path { get; }

    public bool Exists { get; }

    public void WaitUntilEmpty()
    {
        var watch = Stopwatch.StartNew();
        while (File.ReadAllText($"{Path}/cgroup.procs").Length > 0) watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    public void Dispose()
    {
        if (!Exists) return;
        WaitUntilEmpty();
        Directory.Delete(Path);
    }
}
