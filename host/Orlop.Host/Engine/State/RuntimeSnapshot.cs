using System.Collections.Immutable;
using Orlop.Abstractions.Errors;
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

    /// <summary>The visible sandbox of an id or of the beginning of one.</summary>
    /// <exception cref="RuntimeException">Several begin so.</exception>
    public SandboxEntry? FindSandbox(string idOrPrefix) => Find("pod sandbox", Sandboxes, s => s.State != SandboxState.Creating, idOrPrefix);

    /// <summary>The visible container of an id or of the beginning of one.</summary>
    /// <exception cref="RuntimeException">Several begin so.</exception>
    public ContainerEntry? FindContainer(string idOrPrefix) => Find("container", Containers, c => c.State != ContainerState.Creating, idOrPrefix);

    /// <summary>The containers of a sandbox, those that are being made too.</summary>
    public IEnumerable<ContainerEntry> ContainersOf(string sandboxId) => Containers.Values.Where(c => c.SandboxId == sandboxId);

    private static T? Find<T>(string kind, ImmutableDictionary<string, T> all, Func<T, bool> isVisible, string idOrPrefix)
        where T : class
    {
        // An empty id must never match: it is the beginning of every other.
        if (idOrPrefix.Length == 0) return null;
        if (all.TryGetValue(idOrPrefix, out var exact)) return isVisible(exact) ? exact : null;

        var found = all.Where(e => e.Key.StartsWith(idOrPrefix, StringComparison.Ordinal) && isVisible(e.Value)).Take(2).ToList();
        return found.Count < 2
            ? found.FirstOrDefault().Value
            : throw RuntimeException.InvalidArgument($"{kind} \"{idOrPrefix}\": the ids of several begin so; give more digits");
    }
}
