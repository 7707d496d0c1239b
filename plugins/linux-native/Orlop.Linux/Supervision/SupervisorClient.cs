using System.Net.Sockets;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;
using KernelSockets = Orlop.Linux.Syscalls.Sockets;

namespace Orlop.Linux.Supervision;

/// <summary>A connection to one pod's supervisor: requests go out from any thread, one task reads all answers and events.</summary>
internal sealed class SupervisorClient : IAsyncDisposable
{
    private static readonly TimeSpan SendPause = TimeSpan.FromMilliseconds(1);

    private readonly string _pod; // for messages
    private readonly SafeFileDescriptor _descriptor; // owned by _socket
    private readonly Socket _socket;
    private readonly SemaphoreSlim _sending = new(1, 1); // a frame goes out in one piece
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, Exchange> _exchanges = []; // under _gate; null values never
    private readonly Action<ExitNotice> _onExit;
    private readonly FrameBuffer _received = new();
    private readonly Task _reading;
    private uint _lastId; // under _gate
    private bool _closed; // under _gate: no exchange is added any more

    private SupervisorClient(string pod, SafeFileDescriptor descriptor, Action<ExitNotice> onExit)
    {
        _pod = pod;
        _descriptor = descriptor;
        _socket = new Socket(new SafeSocketHandle(descriptor.Number, ownsHandle: false)) { Blocking = false };
        _onExit = onExit;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Completes, never faulted, when the connection has ended; the reason is for people.</summary>
    public Task<string> Closed => _closedReason.Task;

    private readonly TaskCompletionSource<string> _closedReason = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Connects and asks for events.</summary>
    /// <param name="pod">The pod's id, for messages.</param>
    /// <param name="path">The supervisor's socket.</param>
    /// <param name="onExit">Called for each process that has ended, on the reading task: must not block.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The connection, or null when nobody listens.</returns>
    public static async Task<SupervisorClient?> TryConnectAsync(string pod, string path, Action<ExitNotice> onExit, CancellationToken cancellationToken)
    {
        if (KernelSockets.TryConnect(path) is not { } descriptor) return null;
        var client = new SupervisorClient(pod, descriptor, onExit);
        try
        {
            await client.CallAsync(MessageKind.Subscribe, id => Empty(MessageKind.Subscribe, id), cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task<Description> DescribeAsync(CancellationToken cancellationToken) =>
        Description.Read((await CallAsync(MessageKind.Describe, id => Empty(MessageKind.Describe, id), cancellationToken)).Body);

    /// <exception cref="SupervisorException">The supervisor refused; for a program, with the operation that failed.</exception>
    public async Task<LaunchedReply> LaunchAsync(LaunchRequest request, SyscallProgram program, CancellationToken cancellationToken) =>
        LaunchedReply.Read((await CallAsync(
            MessageKind.Launch, id => request.ToFrame(id, program.Descriptors.Count), cancellationToken, program.Descriptors)).Body);

    /// <summary>Launches a process whose output comes back.</summary>
    /// <param name="request">What; with <see cref="OutputMode.Capture"/>.</param>
    /// <param name="program">Its program.</param>
    /// <param name="onOutput">Called on the reading task for each piece.</param>
    /// <param name="cancellationToken">Gives up waiting; the process is left to its run timeout.</param>
    public async Task<ExitNotice> RunAsync(LaunchRequest request, SyscallProgram program, Action<OutputChunk> onOutput, CancellationToken cancellationToken)
    {
        Exchange exchange = Begin(MessageKind.Launch, onOutput);
        await SendAsync(exchange, request.ToFrame(exchange.Id, program.Descriptors.Count), program.Descriptors, cancellationToken);
        await exchange.Reply.WaitAsync(cancellationToken);
        return ExitNotice.Read((await exchange.Last.WaitAsync(cancellationToken)).Body);
    }

    /// <returns>False when the process has ended.</returns>
    public async Task<bool> SignalAsync(string key, int signal, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(MessageKind.Signal, id => new SignalRequest(key, signal).ToFrame(id), cancellationToken);
            return true;
        }
        catch (SupervisorException e) when (e.Errno is Errno.ESRCH or Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>Kill, ReopenLog, Forget and the like: requests that name a process.</summary>
    public Task RequestAsync(MessageKind kind, string key, CancellationToken cancellationToken) =>
        CallAsync(kind, id => new KeyRequest(key).ToFrame(kind, id), cancellationToken);

    /// <summary>Ends the supervisor and everything that it runs; returns when it is gone.</summary>
    public async Task ShutdownAsync(CancellationToken cancellationToken)
    {
        Exchange exchange = Begin(MessageKind.Shutdown, null);
        try
        {
            await SendAsync(exchange, new ShutdownRequest(Kill: true).ToFrame(exchange.Id), [], cancellationToken);
            await exchange.Reply.WaitAsync(cancellationToken);
        }
        catch (RuntimeException e) when (e.Kind == ErrorKind.Unavailable)
        {
            // It ended before its answer came through, or had ended already: what was asked for. A refusal is a SupervisorException.
        }
        await Closed.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_closedReason.Task.IsCompleted) KernelSockets.Shutdown(_descriptor);
        await _reading;
        _socket.Dispose();
        _descriptor.Dispose();
        _sending.Dispose();
    }

    private static ReadOnlyMemory<byte> Empty(MessageKind kind, uint id) => new WireWriter(Frame.HeadSize).Complete(kind, id);

    private async Task<ReceivedFrame> CallAsync(
        MessageKind kind, Func<uint, ReadOnlyMemory<byte>> frame, CancellationToken cancellationToken, IReadOnlyList<SafeFileDescriptor>? descriptors = null)
    {
        Exchange exchange = Begin(kind, null);
        await SendAsync(exchange, frame(exchange.Id), descriptors ?? [], cancellationToken);
        return await exchange.Reply.WaitAsync(cancellationToken);
    }

    private Exchange Begin(MessageKind kind, Action<OutputChunk>? onOutput)
    {
        lock (_gate)
        {
            var exchange = new Exchange(++_lastId == 0 ? ++_lastId : _lastId, kind, onOutput);
            if (_closed) exchange.Fail(Gone());
            else _exchanges.Add(exchange.Id, exchange);
            return exchange;
        }
    }

    private async Task SendAsync(Exchange exchange, ReadOnlyMemory<byte> frame, IReadOnlyList<SafeFileDescriptor> descriptors, CancellationToken cancellationToken)
    {
        if (exchange.Reply.IsFaulted) await exchange.Reply;
        await _sending.WaitAsync(cancellationToken);
        try
        {
            int[] numbers = [.. descriptors.Select(descriptor => descriptor.Number)];
            while (!frame.IsEmpty)
            {
                int sent = KernelSockets.Send(_descriptor, frame.Span, numbers, wait: false);
                if (sent == -Errno.EAGAIN)
                {
                    await Task.Delay(SendPause, CancellationToken.None); // half a frame must not stay behind
                    continue;
                }
                if (sent < 0) throw Gone();
                frame = frame[sent..];
                numbers = [];
            }
        }
        finally
        {
            _sending.Release();
            foreach (SafeFileDescriptor descriptor in descriptors) GC.KeepAlive(descriptor);
        }
    }

    private async Task ReadAsync()
    {
        string reason;
        try
        {
            while (await ReceiveAsync())
                while (_received.TryTake(out ReceivedFrame? frame)) Dispatch(frame);
            reason = "the supervisor closed its socket";
        }
        catch (Exception e) when (e is SyscallException or ProtocolException or SocketException)
        {
            reason = e.Message;
        }
        Exchange[] open;
        lock (_gate)
        {
            _closed = true;
            open = [.. _exchanges.Values];
            _exchanges.Clear();
        }
        foreach (Exchange exchange in open) exchange.Fail(Gone());
        _closedReason.SetResult(reason);
    }

    /// <summary>Waits without a thread until bytes are there, then takes them together with their descriptors.</summary>
    /// <returns>False at the end of the stream.</returns>
    private async ValueTask<bool> ReceiveAsync()
    {
        while (true)
        {
            await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
            int got = _received.Fill(_descriptor);
            if (got != -Errno.EAGAIN) return got > 0 ? true : got == 0 ? false : throw new SyscallException("recvmsg", -got, "from the supervisor");
        }
    }

    private void Dispatch(ReceivedFrame frame)
    {
        if (frame.Id == 0)
        {
            if (frame.Kind == MessageKind.Exited) _onExit(ExitNotice.Read(frame.Body));
            return;
        }
        lock (_gate)
        {
            if (_exchanges.TryGetValue(frame.Id, out Exchange? exchange) && exchange.Take(frame)) _exchanges.Remove(frame.Id);
        }
    }

    private RuntimeException Gone() => RuntimeException.Unavailable($"pod {_pod}: its supervisor is gone.");
}
