using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Compute;

/// <summary>A compute system: a container. Documents are JSON of HCS schema 2.</summary>
[SupportedOSPlatform("windows")]
public sealed class HcsSystem : IDisposable
{
    private readonly SafeHcsSystem _handle;
    private nint _callback;

    private HcsSystem(string id, SafeHcsSystem handle)
    {
        Id = id;
        _handle = handle;
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Creates a system; it does not run yet.</summary>
    /// <exception cref="HcsException">Refused, failed, or not done within <paramref name="timeout"/>.</exception>
    public static async Task<HcsSystem> CreateAsync(string id, string document, TimeSpan timeout)
    {
        SafeHcsSystem? handle = null;
        try
        {
            await HcsOperation.RunAsync("HcsCreateComputeSystem", id, op => ComputeCore.HcsCreateComputeSystem(id, document, op, 0, out handle), timeout);
            return new HcsSystem(id, handle!);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a system that exists.</summary>
    /// <exception cref="HcsException"><see cref="HcsError.NotFound"/> when there is none.</exception>
    public static HcsSystem Open(string id)
    {
        int result = ComputeCore.HcsOpenComputeSystem(id, ComputeCore.AllAccess, out var handle);
        if (result >= 0) return new HcsSystem(id, handle);
        handle.Dispose();
        throw new HcsException("HcsOpenComputeSystem", id, result);
    }

    /// <summary>Lists systems: a JSON array of their properties.</summary>
    public static async Task<string> EnumerateAsync(string? query, TimeSpan timeout) =>
        await HcsOperation.RunAsync("HcsEnumerateComputeSystems", query ?? "", op => ComputeCore.HcsEnumerateComputeSystems(query, op), timeout) ?? "[]";

    /// <summary>Registers the listener of this handle; once, right after the system is created or opened. Earlier events are lost.</summary>
    public unsafe void SetCallback(Action<HcsEventType, string> listener)
    {
        _callback = HcsCallback.Add(listener);
        int result = ComputeCore.HcsSetComputeSystemCallback(_handle, 0, _callback, HcsCallback.Function);
        if (result < 0) throw new HcsException("HcsSetComputeSystemCallback", Id, result);
    }

    public Task StartAsync(TimeSpan timeout) =>
        HcsOperation.RunAsync("HcsStartComputeSystem", Id, op => ComputeCore.HcsStartComputeSystem(_handle, op, null), timeout);

    public Task ShutDownAsync(TimeSpan timeout) =>
        HcsOperation.RunAsync("HcsShutDownComputeSystem", Id, op => ComputeCore.HcsShutDownComputeSystem(_handle, op, null), timeout);

    public Task TerminateAsync(TimeSpan timeout) =>
        HcsOperation.RunAsync("HcsTerminateComputeSystem", Id, op => ComputeCore.HcsTerminateComputeSystem(_handle, op, null), timeout);

    public Task ModifyAsync(string request, TimeSpan timeout) =>
        HcsOperation.RunAsync("HcsModifyComputeSystem", Id, op => ComputeCore.HcsModifyComputeSystem(_handle, op, request, 0), timeout);

    public async Task<string> PropertiesAsync(string? query, TimeSpan timeout) =>
        await HcsOperation.RunAsync("HcsGetComputeSystemProperties", Id, op => ComputeCore.HcsGetComputeSystemProperties(_handle, op, query), timeout) ?? "{}";

    /// <summary>Creates a process, on a thread of its own: the call may block until the image is loaded.</summary>
    public Task<HcsProcess> CreateProcessAsync(string document, TimeSpan timeout) => Task.Factory.StartNew(
        () => HcsProcess.Create(Id, _handle, document, timeout),
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);

    /// <summary>Opens a process that runs. Its standard streams belong to whoever created it.</summary>
    /// <exception cref="HcsException"><see cref="HcsError.NotFound"/> when there is none.</exception>
    public HcsProcess OpenProcess(uint processId) => HcsProcess.Open(Id, _handle, processId);

    /// <summary>Closes the handle; all its calls must have ended.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        if (_callback != 0) HcsCallback.Remove(_callback);
    }
}
