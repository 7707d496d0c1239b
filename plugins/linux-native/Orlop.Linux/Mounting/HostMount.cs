using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>A tree of the node that a container gets, detached.</summary>
/// <param name="Tree">From open_tree(2).</param>
/// <param name="IsFolder">Whether its root is a folder.</param>
internal sealed record HostMount(SafeFileDescriptor Tree, bool IsFolder) : IDisposable
{
    public void Dispose() => Tree.Dispose();
}
