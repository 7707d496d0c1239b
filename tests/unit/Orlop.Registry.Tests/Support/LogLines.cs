using System.Collections.Concurrent;

namespace Orlop.Registry.Tests.Support;

/// <summary>Everything that is logged, as text.</summary>
internal sealed class LogLines
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public void Add(string line) => _lines.Enqueue(line);
}
