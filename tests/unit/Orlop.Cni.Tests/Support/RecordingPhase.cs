using System.Collections.Concurrent;
using Orlop.Abstractions.Lifecycle;

namespace Orlop.Cni.Tests.Support;

/// <summary>Remembers the names of phases in the order in which they began.</summary>
internal sealed class RecordingPhase : IPhase
{
    public ConcurrentQueue<string> Names { get; } = new();

    public ConcurrentQueue<string> Notes { get; } = new();

    public IPhase Begin(string name)
    {
        Names.Enqueue(name);
        return this;
    }

    public void Note(string detail) => Notes.Enqueue(detail);

    public void Dispose()
    {
    }
}
