using System.Collections.Frozen;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;

namespace Orlop.Host.Engine.Handlers;

/// <summary>All runtime handlers of the configuration; those whose plugin is broken answer with its reason.</summary>
internal sealed class HandlerTable
{
    private readonly string _defaultName;
    private readonly FrozenDictionary<string, Handler> _handlers;
    private readonly FrozenDictionary<string, string> _broken;
    private readonly FrozenDictionary<string, string> _snapshotterNames; // of every handler, a broken one too
    private readonly FrozenDictionary<string, IExecutionBackend> _backends;
    private readonly FrozenDictionary<string, ISnapshotter> _snapshotters;

    /// <param name="defaultName">The handler of pods that ask for none.</param>
    /// <param name="handlers">Those that work.</param>
    /// <param name="broken">Those that do not, each with the reason.</param>
    /// <param name="snapshotterNames">The name of each handler's snapshotter.</param>
    /// <param name="backends">All backends.</param>
    /// <param name="snapshotters">All snapshotters.</param>
    public HandlerTable(
        string defaultName,
        IEnumerable<Handler> handlers,
        IReadOnlyDictionary<string, string> broken,
        IReadOnlyDictionary<string, string> snapshotterNames,
        IEnumerable<IExecutionBackend> backends,
        IEnumerable<ISnapshotter> snapshotters)
    {
        _defaultName = defaultName;
        _handlers = handlers.ToFrozenDictionary(h => h.Name, StringComparer.Ordinal);
        _broken = broken.ToFrozenDictionary(StringComparer.Ordinal);
        _snapshotterNames = snapshotterNames.ToFrozenDictionary(StringComparer.Ordinal);
        _backends = backends.ToFrozenDictionary(b => b.Name, StringComparer.Ordinal);
        _snapshotters = snapshotters.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);
    }

    /// <summary>Those that work, the default one first.</summary>
    public IReadOnlyList<Handler> All => [.. _handlers.Values.OrderBy(h => h.Name != _defaultName).ThenBy(h => h.Name, StringComparer.Ordinal)];

    /// <summary>The handler of pods that ask for none; null when it is broken.</summary>
    public Handler? Default => _handlers.GetValueOrDefault(_defaultName);

    /// <summary>Why the default handler is broken; null when it works.</summary>
    public string? DefaultBrokenReason => _broken.GetValueOrDefault(_defaultName);

    /// <summary>Those that do not work, each with the reason.</summary>
    public IReadOnlyDictionary<string, string> Broken => _broken;

    /// <summary>The handler that a pod asks for; empty is the default one.</summary>
    /// <exception cref="RuntimeException">It is not configured, or its plugin is broken.</exception>
    public Handler Resolve(string name)
    {
        string key = Key(name);
        if (_handlers.TryGetValue(key, out var handler)) return handler;
        if (_broken.TryGetValue(key, out string? reason)) throw RuntimeException.Unavailable($"runtime handler \"{key}\": {reason}; see `orlop plugins`");
        throw Unknown(key);
    }

    /// <summary>The snapshotter of a handler, which may work although its backend does not: images can be pulled then.</summary>
    /// <exception cref="RuntimeException">The handler is not configured, or its snapshotter's plugin is broken.</exception>
    public ISnapshotter SnapshotterOf(string handler) =>
        _snapshotterNames.TryGetValue(Key(handler), out string? snapshotter) ? Snapshotter(snapshotter) : throw Unknown(Key(handler));

    /// <summary>A backend by name; null when its plugin is missing or broken.</summary>
    public IExecutionBackend? Backend(string name) => _backends.GetValueOrDefault(name);

    /// <summary>A snapshotter by name.</summary>
    /// <exception cref="RuntimeException">Its plugin is missing or broken.</exception>
    public ISnapshotter Snapshotter(string name) =>
        _snapshotters.GetValueOrDefault(name)
        ?? throw RuntimeException.Unavailable($"snapshotter \"{name}\" is not available; known are {string.Join(", ", _snapshotters.Keys.Order(StringComparer.Ordinal))}; see `orlop plugins`");

    /// <summary>Those that a handler uses, the default handler's first.</summary>
    public IEnumerable<ISnapshotter> SnapshottersInUse => _snapshotterNames
        .OrderBy(h => h.Key != _defaultName).ThenBy(h => h.Key, StringComparer.Ordinal)
        .Select(h => _snapshotters.GetValueOrDefault(h.Value))
        .OfType<ISnapshotter>()
        .Distinct();

    public IEnumerable<ISnapshotter> Snapshotters => _snapshotters.Values;

    public IEnumerable<IExecutionBackend> Backends => _backends.Values;

    private string Key(string name) => name.Length == 0 ? _defaultName : name;

    private RuntimeException Unknown(string name) => RuntimeException.InvalidArgument(
        $"runtime handler \"{name}\" is not configured; known are {string.Join(", ", _snapshotterNames.Keys.Order(StringComparer.Ordinal))}; add [handlers.{name}] to the configuration");
}
