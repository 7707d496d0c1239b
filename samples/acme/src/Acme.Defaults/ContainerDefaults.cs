namespace Acme.Defaults;

/// <summary>What a container gets where it says nothing itself.</summary>
internal sealed class ContainerDefaults
{
    /// <summary><c>environment</c>: NAME=value.</summary>
    public List<string> Environment { get; init; } = [];

    /// <summary><c>openFiles</c>: how many files a process may have open; 0 leaves that to the node.</summary>
    public long OpenFiles { get; init; }
}
