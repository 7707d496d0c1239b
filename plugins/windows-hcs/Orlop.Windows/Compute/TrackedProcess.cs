using System.Text.Json;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop;
using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Compute;

/// <summary>A process whose end is noticed exactly once, however its events come.</summary>
internal sealed class TrackedProcess : IDisposable
{
    private readonly TaskCompletionSource<string?> _event = new(TaskCreationOptions.RunContinuationsAsynchronously); // null: the service is gone

    private TrackedProcess(IComputeProcess native)
    {
        Native = native;
        Exited = WatchAsync();
    }

    public IComputeProcess Native { get; }

    public uint ProcessId => Native.ProcessId;

    /// <summary>Completes when the process has ended; never fails.</summary>
    public Task<ProcessEnd> Exited { get; }

    /// <summary>Starts to watch a process that was just created or opened; takes it over, also when it fails.</summary>
    public static async Task<TrackedProcess> TrackAsync(IComputeProcess native)
    {
        var process = new TrackedProcess(native);
        try
        {
            native.SetCallback(process.OnEvent);
            await process.CatchUpAsync();
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Takes its end for unknown.</summary>
    public void GiveUp() => _event.TrySetResult(null);

    /// <summary>Closes the handle; a watcher of <see cref="Exited"/> learns that the end is unknown.</summary>
    public void Dispose()
    {
        GiveUp();
        Native.Dispose();
    }

    // What ended before the callback was set raises no event.
    private async Task CatchUpAsync()
    {
        try
        {
            string properties = await Native.PropertiesAsync();
            if (Parse(properties) is { Exited: true }) _event.TrySetResult(properties);
        }
        catch (HcsException e) when (e.Error is HcsError.AlreadyStopped or HcsError.NotFound)
        {
            _event.TrySetResult("");
        }
    }

    private void OnEvent(HcsEventType type, string data)
    {
        if (type == HcsEventType.ProcessExited) _event.TrySetResult(data);
        else if (type == HcsEventType.ServiceDisconnect) _event.TrySetResult(null);
    }

    private async Task<ProcessEnd> WatchAsync()
    {
        string? data = await _event.Task;
        if (data is null) return new ProcessEnd(null);
        if (Parse(data) is { Exited: true } status) return new ProcessEnd(status.ExitCode);
        try
        {
            return new ProcessEnd(Parse(await Native.PropertiesAsync()) is { Exited: true } asked ? asked.ExitCode : null);
        }
        catch (Exception e) when (e is HcsException or ObjectDisposedException)
        {
            return new ProcessEnd(null); // it has ended, and its exit code went with the service's memory of it
        }
    }

    private static ProcessStatus? Parse(string document)
    {
        try
        {
            return document.Length == 0 ? null : JsonSerializer.Deserialize(document, HcsJson.Default.ProcessStatus);
        }
        catch (JsonException)
        {
            return null; // data of an event that says nothing: the properties are asked instead
        }
    }
}
