using Orlop.Abstractions.Lifecycle;

namespace Orlop.Registry.Tests.Support;

internal sealed class NullPhase : IPhase
{
    public IPhase Begin(string name) => this;

    public void Note(string detail)
    {
    }

    public void Dispose()
    {
    }
}
