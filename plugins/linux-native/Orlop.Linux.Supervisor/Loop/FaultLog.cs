namespace Orlop.Linux.Supervisor.Loop;

/// <summary>Errors that no reply can carry; shown in the description.</summary>
internal sealed class FaultLog
{
    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>The last one.</summary>
    public string Last { get; private set; } = "";

    public void Add(Exception e) => Add($"{e.GetType().Name}: {e.Message}");

    public void Add(string text)
    {
        Count++;
        Last = text;
    }
}
