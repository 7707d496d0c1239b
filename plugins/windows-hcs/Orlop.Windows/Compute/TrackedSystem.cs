using System.Text.Json;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop;
using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Compute;

/// <summary>A compute system whose end is noticed exactly once, however its events come.</summary>
internal sealed class TrackedSystem : IDisposable
{
    /// <summary>The property <c>State</c> of a system that was never started.</summary>
    public const string Created = "Created";

    private const string Stopped = "Stopped";

    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TrackedSystem(IComputeSystem native) => Native = native;

    public IComputeSystem Native { get; }

    /// <summary>Completes when the system has ended or the service has gone.</summary>
    public Task Exited => _exited.Task;

    /// <summary>Starts to watch a system that was just created or opened; takes it over, also when it fails.</summary>
    public static async Task<TrackedSystem> TrackAsync(IComputeSystem native)
    {
        var system = new TrackedSystem(native);
        try
        {
            native.SetCallback(system.OnEvent);
            await system.CatchUpAsync();
            return system;
        }
        catch
        {
            system.Dispose();
            throw;
        }
    }

    public async Task<SystemProperties> PropertiesAsync(string? type = null)
    {
        string? query = type is null ? null : JsonSerializer.Serialize(new PropertyQuery([type]), HcsJson.Default.PropertyQuery);
        return JsonSerializer.Deserialize(await Native.PropertiesAsync(query), HcsJson.Default.SystemProperties) ?? new SystemProperties();
    }

    /// <summary>Closes the handle.</summary>
    public void Dispose()
    {
        _exited.TrySetResult();
        Native.Dispose();
    }

    private async Task CatchUpAsync()
    {
        try
        {
            if (await PropertiesAsync() is { Stopped: true } or { State: Stopped }) _exited.TrySetResult();
        }
        catch (HcsException e) when (e.Error is HcsError.AlreadyStopped or HcsError.NotFound)
        {
            _exited.TrySetResult();
        }
    }

    private void OnEvent(HcsEventType type, string data)
    {
        if (type is HcsEventType.SystemExited or HcsEventType.ServiceDisconnect) _exited.TrySetResult();
    }
}
