using Orlop.Testing.Nodes;

namespace Orlop.Testing.Machines;

/// <summary>
/// A FUSE file system inside a node whose server takes every request and answers none but the first: the kernel holds
/// whoever touches it, uninterruptibly, until the server is gone (Linux Documentation/filesystems/fuse.rst).
/// </summary>
public sealed class HungFileSystem : IAsyncDisposable
{
    private const int LargestRequest = 1 << 17;
    private const int Init = 26; // FUSE_INIT

    private readonly NodeNamespaces _namespaces;
    private readonly FileStream _server;
    private readonly Thread _thread;
    private bool _aborted;

    private HungFileSystem(NodeNamespaces namespaces, FileStream server, string path)
    {
        _namespaces = namespaces;
        _server = server;
        Path = path;
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts it on a new folder below <see cref="NodeFolder.Shared"/>.</summary>
    public static async Task<HungFileSystem> MountAsync(Node node)
    {
        var path = Directory.CreateDirectory(System.IO.Path.Combine(node.Folder.Shared, "hung-" + Guid.NewGuid().ToString("N")[..8])).FullName;
        var server = new FileStream("/dev/fuse", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var options = $"fd={server.SafeFileHandle.DangerousGetHandle()},rootmode=40000,user_id=0,group_id=0,allow_other";
        await node.Namespaces.OnThreadInsideMountsAsync(() => Libc.Mount("hung", path, "fuse", options));
        return new HungFileSystem(node.Namespaces, server, path);
    }

    /// <summary>Ends the server as an operator does, by a forced unmount: whoever waits gets an error (umount(2), MNT_FORCE).</summary>
    public async Task AbortAsync()
    {
        if (_aborted)
        {
            return;
        }

        _aborted = true;
        await _namespaces.RunAsync($"umount -f '{Path}' || umount -l '{Path}'");
        _thread.Join();
        _server.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await AbortAsync();

    private void Serve()
    {
        var request = new byte[LargestRequest];
        try
        {
            while (_server.Read(request) > 0)
            {
                if (BitConverter.ToInt32(request, 4) == Init)
                {
                    Answer(request);
                }
            }
        }
        catch (IOException)
        {
            // ENODEV: unmounted or aborted.
        }
    }

    // struct fuse_out_header and struct fuse_init_out of linux/fuse.h; the same version as the kernel asks for.
    private void Answer(byte[] request)
    {
        var answer = new byte[16 + 64];
        BitConverter.TryWriteBytes(answer.AsSpan(0), answer.Length);
        request.AsSpan(8, 8).CopyTo(answer.AsSpan(8));   // unique
        request.AsSpan(40, 8).CopyTo(answer.AsSpan(16)); // major, minor
        BitConverter.TryWriteBytes(answer.AsSpan(16 + 20), 1 << 16); // max_write
        _server.Write(answer);
    }
}
