using System.Collections.Immutable;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.State;

/// <summary>Everything that readers see, at one moment. Lists and statuses come from here, without a lock or I/O (R3).</summary>
internal sealed record RuntimeSnapshot(
    ImmutableDictionary<string, SandboxEntry> Sandboxes,
    ImmutableDictionary<string, ContainerEntry> Containers)
{
    public static RuntimeSnapshot Empty { get; } = new(
        ImmutableDictionary<string, SandboxEntry>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableDictionary<string, ContainerEntry>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>Sandboxes that are visible.</summary>
    public IEnumerable<SandboxEntry> VisibleSandboxes => Sandboxes.Values.Where(s => s.State != SandboxState.Creating);

    /// <summary>Containers that are visible.</summary>
    public IEnumerable<ContainerEntry> VisibleContainers => Containers.Values.Where(c => c.State != ContainerState.Creating);

    /// <summary>The visible sandbox of an id or of an unambiguous prefix of one.</summary>
    public SandboxEntry? FindSandbox(string idOrPrefix) => Find(Sandboxes, VisibleSandboxes, s => s.Id, s => s.State != SandboxState.Creating, idOrPrefix);

    /// <summary>The visible container of an id or of an unambiguous prefix of one.</summary>
    public ContainerEntry? FindContainer(string idOrPrefix) => Find(Containers, VisibleContainers, c => c.Id, c => c.State != ContainerState.Creating, idOrPrefix);

    /// <summary>The containers of a sandbox, those that are being made too.</summary>
    public IEnumerable<ContainerEntry> ContainersOf(string sandboxId) => Containers.Values.Where(c => c.SandboxId == sandboxId);

    private static T? Find<T>(ImmutableDictionary<string, T> all, IEnumerable<T> visible, Func<T, string> id, Func<T, bool> isVisible, string idOrPrefix)
        where T : class
    {
        // An empty id must never match: it is a prefix of every other.
        if (idOrPrefix.Length == 0) return null;
        if (all.TryGetValue(idOrPrefix, out var exact)) return isVisible(exact) ? exact : null;

        T? found = null;
        foreach (var candidate in visible)
        {
            if (!id(candidate).StartsWith(idOrPrefix, StringComparison.Ordinal)) continue;
            if (found is not null) return null;
            found = candidate;
        }

        return found;
    }
}
