using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Orlop.Testing.Machines;

namespace Orlop.Testing.Nodes;

/// <summary>
/// The mount and network namespaces of one node, held open by a small process. All that the node mounts or configures
/// in them is gone with the last of its processes.
/// </summary>
public sealed class NodeNamespaces : IAsyncDisposable
{
    // A systemd machine shares its mounts, so this one does; /run and the image store are private and in memory.
    // The end of its input is the end of the test process, whatever ended that: without "closed" the node is swept away.
    private const string HolderScript =
        """
        set -e
        cd /
        mount --make-rshared /
        mount -t tmpfs -o mode=755 tmpfs /run
        mkdir /run/netns
        mount -t tmpfs -o mode=700,size="$3" tmpfs "$1/root"
        ip link set lo up
        echo ready
        cat >/dev/null
        [ -e "$1/closed" ] && exit 0
        find /sys/fs/cgroup -path "*/$2/*" -name cgroup.procs -exec cat {} + | xargs -r kill -9
        """;

    private readonly Process _holder;
    private readonly string _folder;

    private NodeNamespaces(Process holder, string folder) => (_holder, _folder) = (holder, folder);

    /// <summary>A process inside; <c>/proc/PID/ns</c> leads to the namespaces.</summary>
    public int Pid => _holder.Id;

    /// <summary>Makes the namespaces of the node whose files are in <paramref name="folder"/> and whose cgroup is <paramref name="cgroup"/>.</summary>
    public static async Task<NodeNamespaces> CreateAsync(string folder, string cgroup, string rootSize)
    {
        Directory.CreateDirectory(Path.Combine(folder, "root"));
        string[] arguments = ["--mount", "--net", "--propagation", "private", "/bin/sh", "-c", HolderScript, "node", folder, cgroup, rootSize];
        var holder = Process.Start(new ProcessStartInfo("/usr/bin/unshare", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("unshare did not start");
        return await holder.StandardOutput.ReadLineAsync() == "ready"
            ? new NodeNamespaces(holder, folder)
            : throw new InvalidOperationException("the namespaces of the node could not be made; see the output of unshare");
    }

    /// <summary>How to start a program inside.</summary>
    public ProcessStartInfo Inside(string program, params IEnumerable<string> arguments) =>
        new("/usr/bin/nsenter", [$"--mount=/proc/{Pid}/ns/mnt", $"--net=/proc/{Pid}/ns/net", "--", program, .. arguments]);

    /// <summary>Runs a shell script inside; throws when it fails.</summary>
    public Task<string> RunAsync(string script)
    {
        var inside = Inside("/bin/sh", "-ec", script);
        return Command.RunAsync(inside.FileName, [.. inside.ArgumentList]);
    }

    /// <summary>Connects to a TCP address as a process of this node would.</summary>
    public async Task<Socket> ConnectAsync(IPEndPoint address)
    {
        var socket = default(Socket);
        try
        {
            await OnThreadInsideAsync(() =>
            {
                socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(address);
            });
            return socket!;
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>Runs work in the node's network namespace: a socket belongs to the namespace of the thread that makes it.</summary>
    public Task OnThreadInsideAsync(Action work) => OnThreadAsync(() =>
    {
        Libc.EnterNetworkNamespace($"/proc/{Pid}/ns/net");
        work();
    });

    /// <summary>Runs work in the node's mount namespace.</summary>
    public Task OnThreadInsideMountsAsync(Action work) => OnThreadAsync(() =>
    {
        Libc.EnterMountNamespace($"/proc/{Pid}/ns/mnt");
        work();
    });

    /// <summary>An HTTP client whose connections start inside.</summary>
    public HttpClient CreateHttpClient(string baseAddress)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, _) =>
            {
                var address = IPAddress.TryParse(context.DnsEndPoint.Host, out var parsed) ? parsed : IPAddress.Loopback;
                return new NetworkStream(await ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port)), ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri(baseAddress), Timeout = Deadline.Seconds(20) };
    }

    /// <summary>The mount points inside, from <c>/proc/PID/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
    public IReadOnlyList<string> MountPoints() => [.. File.ReadLines($"/proc/{Pid}/mountinfo").Select(line => line.Split(' ')[4])];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "closed"), "");
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }

    // A thread that has changed its namespaces is used for nothing else.
    private static Task OnThreadAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        thread.Start();
        return done.Task;
    }
}
