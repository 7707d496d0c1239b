using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Compute;

/// <summary>One call of HCS: started, completed by a callback on a thread of the service's client, read, closed.</summary>
/// <remarks>
/// A call that takes too long is cancelled and then waited for all the same: computecore.dll faults when an operation or its
/// system is closed under a call in flight.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed class HcsOperation : IDisposable
{
    private static readonly CallbackTable<TaskCompletionSource> Waiting = new();

    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly nint _id;

    private unsafe HcsOperation(bool blocking)
    {
        _id = Waiting.Add(_completed);
        Handle = new SafeHcsOperation(blocking ? ComputeCore.HcsCreateOperation(0, null) : ComputeCore.HcsCreateOperation(_id, &Completed));
        if (Handle.IsInvalid)
        {
            Waiting.Remove(_id);
            throw new HcsException("HcsCreateOperation", "", Marshal.GetHRForLastWin32Error());
        }
    }

    /// <summary>The native operation, for the call that is to be tracked.</summary>
    public SafeHcsOperation Handle { get; }

    /// <summary>An operation that completes through a callback.</summary>
    public static HcsOperation Create() => new(blocking: false);

    /// <summary>An operation that a thread of its own waits for.</summary>
    public static HcsOperation CreateBlocking() => new(blocking: true);

    /// <summary>Runs a call to its end.</summary>
    /// <returns>The result document; null when there is none.</returns>
    /// <exception cref="HcsException">The call was refused, failed, or was cancelled after <paramref name="timeout"/>.</exception>
    public static async Task<string?> RunAsync(string call, string subject, Func<SafeHcsOperation, int> start, TimeSpan timeout)
    {
        using var operation = Create();
        int started = start(operation.Handle);
        if (started < 0)
        {
            _ = ComputeCore.HcsGetOperationResult(operation.Handle, out nint refusal);
            throw new HcsException(call, subject, started, ComputeCore.TakeDocument(refusal));
        }

        bool late = !await operation.WaitAsync(timeout);
        int result = ComputeCore.HcsGetOperationResult(operation.Handle, out nint native);
        string? document = ComputeCore.TakeDocument(native);
        if (result >= 0) return document;
        throw new HcsException(call, subject, late ? HResults.OperationTimeout : result, document);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Handle.Dispose();
        Waiting.Remove(_id);
    }

    private async Task<bool> WaitAsync(TimeSpan timeout)
    {
        try
        {
            await _completed.Task.WaitAsync(timeout);
            return true;
        }
        catch (TimeoutException)
        {
            _ = ComputeCore.HcsCancelOperation(Handle); // a refusal changes nothing: the call is waited for in either case
            await _completed.Task;
            return false;
        }
    }

    [UnmanagedCallersOnly]
    private static void Completed(nint operation, nint context) => Waiting.Find(context)?.TrySetResult();
}
