using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Compute;

/// <summary>A handle on a process in a compute system. Disposing closes the handle and our ends of the pipes, and raises no event.</summary>
internal interface IComputeProcess : IDisposable
{
    uint ProcessId { get; }

    /// <summary>Null when it was not asked for, or when the process was opened.</summary>
    Stream? StandardInput { get; }

    /// <inheritdoc cref="StandardInput"/>
    Stream? StandardOutput { get; }

    /// <inheritdoc cref="StandardInput"/>
    Stream? StandardError { get; }

    /// <inheritdoc cref="IComputeSystem.SetCallback"/>
    void SetCallback(Action<HcsEventType, string> listener);

    Task TerminateAsync();

    /// <summary>Delivers a control signal; may not return before the process has ended.</summary>
    Task SignalAsync(string options);

    /// <summary>A <c>ProcessStatus</c> document.</summary>
    Task<string> PropertiesAsync();
}
