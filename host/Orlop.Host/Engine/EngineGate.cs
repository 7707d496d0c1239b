using Orlop.Abstractions.Errors;

namespace Orlop.Host.Engine;

/// <summary>Keeps calls away until the engine is ready: they answer Unavailable at once and never hang.</summary>
internal sealed class EngineGate
{
    private volatile RunningEngine? _engine;

    /// <summary>The engine.</summary>
    /// <exception cref="RuntimeException">It is not ready yet.</exception>
    public RunningEngine Engine => _engine ?? throw RuntimeException.Unavailable("orlopd is starting: plugins are loaded and pods are found again; try again in a moment");

    /// <summary>The engine, or null before it is ready.</summary>
    public RunningEngine? EngineOrNull => _engine;

    public void Open(RunningEngine engine) => _engine = engine;
}
