namespace Orlop.Abstractions.Lifecycle;

/// <summary>The step that a running operation is in: what a stuck call names in its error, and what <c>orlop trace</c> draws.</summary>
/// <remarks>Dispose ends the phase. Phases nest; siblings may overlap in time.</remarks>
public interface IPhase : IDisposable
{
    /// <summary>Starts a phase within this one.</summary>
    /// <param name="name">Short and stable, lower case: <c>mounts</c>, <c>cni-add bridge</c>.</param>
    IPhase Begin(string name);

    /// <summary>Says what the phase waits for right now: a path, a pid, a host; the last note shows in errors.</summary>
    void Note(string detail);
}
