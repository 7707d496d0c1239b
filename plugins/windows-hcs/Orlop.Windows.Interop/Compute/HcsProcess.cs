using System.IO.Pipes;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orlop.Windows.Interop.Compute;

/// <summary>A process in a compute system.</summary>
[SupportedOSPlatform("windows")]
public sealed class HcsProcess : IDisposable
{
    private const nint NotRequested = -1; // INVALID_HANDLE_VALUE; 0 says the same

    private readonly SafeHcsProcess _handle;
    private readonly string _subject;
    private nint _callback;

    private HcsProcess(string systemId, uint processId, SafeHcsProcess handle)
    {
        _handle = handle;
        ProcessId = processId;
        _subject = $"{systemId} process {processId}";
    }

    /// <summary>Its id in the host's own numbers.</summary>
    public uint ProcessId { get; }

    /// <summary>The write end of its input; null when it was not asked for, or when the process was opened.</summary>
    public Stream? StandardInput { get; private init; }

    /// <summary>The read end of its output.</summary>
    public Stream? StandardOutput { get; private init; }

    /// <summary>The read end of its errors.</summary>
    public Stream? StandardError { get; private init; }

    /// <summary>Registers the listener of this handle; once, right after the process is created or opened. Earlier events are lost.</summary>
    public unsafe void SetCallback(Action<HcsEventType, string> listener)
    {
        _callback = HcsCallback.Add(listener);
        int result = ComputeCore.HcsSetProcessCallback(_handle, 0, _callback, HcsCallback.Function);
        if (result < 0) throw new HcsException("HcsSetProcessCallback", _subject, result);
    }

    public Task TerminateAsync(TimeSpan timeout) =>
        HcsOperation.RunAsync("HcsTerminateProcess", _subject, op => ComputeCore.HcsTerminateProcess(_handle, op, null), timeout);

    /// <summary>Delivers a control signal, on a thread of its own: for Server Core images the call blocks until the process has ended.</summary>
    public Task SignalAsync(string options, TimeSpan timeout) => Task.Factory.StartNew(
        () => HcsOperation.RunAsync("HcsSignalProcess", _subject, op => ComputeCore.HcsSignalProcess(_handle, op, options), timeout),
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default).Unwrap();

    public Task ModifyAsync(string settings, TimeSpan timeout) =>
        HcsOperation.RunAsync("HcsModifyProcess", _subject, op => ComputeCore.HcsModifyProcess(_handle, op, settings), timeout);

    public async Task<string> PropertiesAsync(TimeSpan timeout) =>
        await HcsOperation.RunAsync("HcsGetProcessProperties", _subject, op => ComputeCore.HcsGetProcessProperties(_handle, op, null), timeout) ?? "{}";

    /// <summary>Closes the handle and our ends of its pipes; all its calls must have ended.</summary>
    public void Dispose()
    {
        StandardInput?.Dispose();
        StandardOutput?.Dispose();
        StandardError?.Dispose();
        _handle.Dispose();
        if (_callback != 0) HcsCallback.Remove(_callback);
    }

    internal static HcsProcess Open(string systemId, SafeHcsSystem system, uint processId)
    {
        int result = ComputeCore.HcsOpenProcess(system, processId, ComputeCore.AllAccess, out var handle);
        if (result >= 0) return new HcsProcess(systemId, processId, handle);
        handle.Dispose();
        throw new HcsException("HcsOpenProcess", $"{systemId} process {processId}", result);
    }

    internal static HcsProcess Create(string systemId, SafeHcsSystem system, string document, TimeSpan timeout)
    {
        using var operation = HcsOperation.CreateBlocking();
        int result = ComputeCore.HcsCreateProcess(system, document, operation.Handle, 0, out var handle);
        HcsProcessInformation information = default;
        if (result >= 0)
        {
            result = Wait(operation, timeout, out information, out string? failure);
            if (result == HResults.InvalidArgument && !handle.IsInvalid) result = AskAgain(handle, timeout, out information);
            if (result >= 0) return FromNative(systemId, handle, information);
            handle.Dispose();
            throw new HcsException("HcsCreateProcess", systemId, result, failure);
        }

        handle.Dispose();
        _ = ComputeCore.HcsGetOperationResult(operation.Handle, out nint refusal);
        throw new HcsException("HcsCreateProcess", systemId, result, ComputeCore.TakeDocument(refusal));
    }

    private static int Wait(HcsOperation operation, TimeSpan timeout, out HcsProcessInformation information, out string? document)
    {
        int result = ComputeCore.HcsWaitForOperationResultAndProcessInfo(operation.Handle, (uint)timeout.TotalMilliseconds, out information, out nint native);
        if (HResults.Classify(result) == HcsError.Timeout)
        {
            _ = ComputeCore.HcsCancelOperation(operation.Handle);
            _ = ComputeCore.TakeDocument(native);
            int ended = ComputeCore.HcsWaitForOperationResultAndProcessInfo(operation.Handle, uint.MaxValue, out information, out native);
            result = ended >= 0 ? ended : result;
        }

        document = ComputeCore.TakeDocument(native);
        return result;
    }

    // Windows Server 2022: when the call completed at once, the wait answers E_INVALIDARG although the process is there.
    // Only then: asking after a success races with processes that end quickly.
    private static int AskAgain(SafeHcsProcess process, TimeSpan timeout, out HcsProcessInformation information)
    {
        using var operation = HcsOperation.CreateBlocking();
        int result = ComputeCore.HcsGetProcessInfo(process, operation.Handle);
        information = default;
        return result < 0 ? result : Wait(operation, timeout, out information, out _);
    }

    private static HcsProcess FromNative(string systemId, SafeHcsProcess handle, HcsProcessInformation information) => new(systemId, information.ProcessId, handle)
    {
        StandardInput = Pipe(information.StdInput, PipeDirection.Out),
        StandardOutput = Pipe(information.StdOutput, PipeDirection.In),
        StandardError = Pipe(information.StdError, PipeDirection.In),
    };

    // HCS returns overlapped pipe handles.
    private static NamedPipeClientStream? Pipe(nint handle, PipeDirection direction) => handle is 0 or NotRequested
        ? null
        : new NamedPipeClientStream(direction, isAsync: true, isConnected: true, new SafePipeHandle(handle, ownsHandle: true));
}
