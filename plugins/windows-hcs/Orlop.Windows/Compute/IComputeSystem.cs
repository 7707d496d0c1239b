using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Compute;

/// <summary>A handle on a compute system. Disposing closes the handle and raises no event.</summary>
internal interface IComputeSystem : IDisposable
{
    string Id { get; }

    /// <summary>Registers the listener of this handle, once; what happened before raises no event.</summary>
    /// <param name="listener">Called on a thread of the service; must not block, throw or close handles. An event may come twice.</param>
    void SetCallback(Action<HcsEventType, string> listener);

    Task StartAsync();

    Task ShutDownAsync();

    Task TerminateAsync();

    /// <summary>A JSON document of the properties that the query asks for; the basic ones for null.</summary>
    Task<string> PropertiesAsync(string? query);

    Task<IComputeProcess> CreateProcessAsync(string document);

    /// <summary>Opens a process that runs; its streams belong to whoever created it.</summary>
    Task<IComputeProcess> OpenProcessAsync(uint processId);
}
