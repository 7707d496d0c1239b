using Orlop.Abstractions.Lifecycle;

namespace Orlop.Cni.Attachments;

/// <summary>The phase of work that no operation of the host waits for.</summary>
internal sealed class QuietPhase : IPhase
{
    public static QuietPhase Instance { get; } = new();

    public IPhase Begin(string name) => this;

    public void Note(string detail)
    {
    }

    public void Dispose()
    {
    }
}
