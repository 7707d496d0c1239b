using Orlop.Abstractions.Lifecycle;

namespace Orlop.PluginContracts;

/// <summary>A phase that nobody watches.</summary>
public sealed class NoPhase : IPhase
{
    /// <summary>The one instance.</summary>
    public static NoPhase Instance { get; } = new();

    /// <inheritdoc/>
    public IPhase Begin(string name) => this;

    /// <inheritdoc/>
    public void Note(string detail)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
