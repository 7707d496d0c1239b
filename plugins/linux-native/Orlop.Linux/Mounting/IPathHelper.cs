using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>
/// Touches paths in our place. For one user at a time. Disposing ends it: whoever waits in <see cref="Ask"/> gets an error, whatever the kernel does with
/// the process.
/// </summary>
internal interface IPathHelper : IDisposable
{
    /// <summary>Completes once it is gone; while the kernel holds it, never.</summary>
    Task Ended { get; }

    /// <summary>Asks and waits, for ever where the path never answers.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="root">The tree that the path is resolved in; null for the node's.</param>
    /// <exception cref="IOException">It was ended meanwhile.</exception>
    (PathReply Reply, SafeFileDescriptor? Descriptor) Ask(PathRequest request, SafeFileDescriptor? root = null);
}
