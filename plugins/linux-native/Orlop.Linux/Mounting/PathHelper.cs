using Orlop.Linux.Protocol;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>A process of the program <c>orlop-supervisor</c> that opens paths; see <see cref="PathHelperArguments"/>.</summary>
internal sealed class PathHelper : IPathHelper
{
    private readonly int _processId;
    private readonly SupervisorConnection _connection;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private Task? _ended;

    /// <param name="processId">Our child.</param>
    /// <param name="socket">Connected with it; taken over.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Ends the waiting for its end.</param>
    public PathHelper(int processId, SafeFileDescriptor socket, TimeProvider time, CancellationToken stopping)
    {
        _processId = processId;
        _connection = new SupervisorConnection(socket);
        _time = time;
        _stopping = stopping;
    }

    public Task Ended => _ended ?? Task.CompletedTask;

    public (PathReply Reply, SafeFileDescriptor? Descriptor) Ask(PathRequest request, SafeFileDescriptor? root = null)
    {
        try
        {
            _connection.Send(request.ToFrame(root is null ? 0 : 1), root is null ? [] : [root]);
            return _connection.Receive() is { } frame
                ? (PathReply.Read(frame.Body), frame.Descriptors.FirstOrDefault())
                : throw new IOException($"path helper {_processId} has ended");
        }
        catch (Exception e) when (e is SyscallException or ProtocolException)
        {
            throw new IOException($"path helper {_processId}: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        if (_ended is not null) return;
        _ = Libc.Kill(_processId, Signals.Kill); // not reaped before the line below, so it is still ours
        _ended = SupervisorSpawner.ReapAsync(_processId, _time, _stopping);
        _connection.Shutdown();
        _connection.Dispose();
    }
}
