using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Orlop.Abstractions.Errors;

namespace Orlop.Cni.Namespaces;

/// <summary>Linux: enters a network namespace with a thread that exists only for that.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class LinuxNamespaces : INetworkNamespaces
{
    private const string OwnNamespace = "/proc/thread-self/ns/net";

    public Task<string> BringLoopbackUpAsync(string path, CancellationToken cancellationToken) => InThread(() =>
    {
        string node = Identity();
        Enter(path);
        string pod = Identity();
        if (pod == node)
        {
            throw RuntimeException.InvalidArgument($"'{path}' is the node's own network namespace, which is no pod's.");
        }

        SetLoopbackUp(path);
        return pod;
    }, cancellationToken);

    public Task<string?> IdentifyAsync(string path, CancellationToken cancellationToken) => InThread(() =>
    {
        string node = Identity();
        try
        {
            Enter(path);
        }
        catch (RuntimeException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }

        // A path of a dead process may lead anywhere by now, but what leads to the node itself must never be given to a plugin.
        string identity = Identity();
        return identity == node ? null : identity;
    }, cancellationToken);

    /// <summary>A thread cannot be lent to others again once it is in another namespace: it ends with the work.</summary>
    private static Task<T> InThread<T>(Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = "cni-netns",
        };
        thread.Start();
        return done.Task.WaitAsync(cancellationToken);
    }

    private static void Enter(string path)
    {
        using SafeFileHandle handle = Open(path);
        if (Libc.SetNs(handle, Libc.CloneNewNet) != 0)
        {
            throw Marshal.GetLastPInvokeError() == Libc.Einval
                ? RuntimeException.NotFound($"'{path}' is no network namespace.")
                : Failed("setns", path);
        }
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw RuntimeException.NotFound($"The network namespace '{path}' does not exist.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeException(ErrorKind.Internal, $"Cannot open the network namespace '{path}': {e.Message}", e);
        }
    }

    private static string Identity() =>
        new FileInfo(OwnNamespace).LinkTarget ?? throw new RuntimeException(ErrorKind.Internal, $"readlink {OwnNamespace}: no link.");

    private static void SetLoopbackUp(string path)
    {
        int fd = Libc.Socket(Libc.AfInet, Libc.SockDgram | Libc.SockCloexec, 0);
        if (fd < 0)
        {
            throw Failed("socket", path);
        }

        using var socket = new SafeFileHandle(fd, ownsHandle: true);
        var request = default(Libc.InterfaceRequest);
        "lo"u8.CopyTo(new Span<byte>(request.Name, 16));
        if (Libc.Ioctl(socket, Libc.SiocGifFlags, &request) != 0)
        {
            throw Failed("ioctl SIOCGIFFLAGS lo", path);
        }

        if ((request.Flags & Libc.IffUp) != 0)
        {
            return;
        }

        request.Flags |= Libc.IffUp;
        if (Libc.Ioctl(socket, Libc.SiocSifFlags, &request) != 0)
        {
            throw Failed("ioctl SIOCSIFFLAGS lo", path);
        }
    }

    private static RuntimeException Failed(string call, string path) =>
        new(ErrorKind.Internal, $"Network namespace '{path}': {call}: {Marshal.GetLastPInvokeErrorMessage()}.");
}
