using Orlop.Windows.Interop;

namespace Orlop.Windows.Compute;

/// <summary>The compute service: what the backend needs of it, call by call. All errors are <see cref="HcsException"/>s.</summary>
/// <remarks>A call runs to its end: nothing may close a system or a process while one of its calls is in flight.</remarks>
internal interface IComputeApi
{
    /// <summary>Creates a system; it does not run yet.</summary>
    Task<IComputeSystem> CreateSystemAsync(string id, string document);

    /// <summary>Opens a system that exists.</summary>
    Task<IComputeSystem> OpenSystemAsync(string id);

    /// <summary>Lists systems: a JSON array of their properties.</summary>
    Task<string> EnumerateSystemsAsync(string query);
}
