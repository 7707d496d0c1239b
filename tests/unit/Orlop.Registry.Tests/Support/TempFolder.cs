using Orlop.Linux.Syscalls;
using Orlop.Snapshots.Trees;

namespace Orlop.Registry.Tests.Support;

internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "orlop-registry-" + Guid.NewGuid().ToString("n"));

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        using var parent = FileSystem.Open(System.IO.Path.GetTempPath(), OpenFlags.Directory);
        TreeRemover.Remove(parent, System.Text.Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(Path)));
    }
}
