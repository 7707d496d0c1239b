using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>The plug points of one kind, by name.</summary>
/// <param name="kind">The kind; see <see cref="PluginKind"/>.</param>
/// <param name="points">The points; their names are unique.</param>
internal sealed class PlugPointTable<T>(string kind, IEnumerable<T> points)
    where T : class, IPlugPoint
{
    private readonly FrozenDictionary<string, T> _points = points.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _points.Keys.Order(StringComparer.Ordinal)];

    public IEnumerable<T> All => _points.Values;

    /// <exception cref="RuntimeException"><see cref="ErrorKind.FailedPrecondition"/>: no active plugin gives it; the message lists the known names.</exception>
    public T Get(string name) => TryGet(name, out var point)
        ? point
        : throw RuntimeException.FailedPrecondition($"no plugin gives the {PluginKind.Describe(kind)} '{name}'; known: {Known}");

    public bool TryGet(string name, [NotNullWhen(true)] out T? point) => _points.TryGetValue(name, out point);

    private string Known => Names is { Count: > 0 } names ? string.Join(", ", names) : "none";
}
