using System.Collections.Concurrent;
using System.Text.Json;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop;
using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Simulator;

/// <summary>The compute service of a simulated node. It lives on when its clients end.</summary>
/// <param name="network">Knows the network namespaces that systems may name.</param>
/// <param name="schema">Refuses unknown fields; null where the table is not at hand.</param>
internal sealed class SimulatedService(SimulatedNetwork network, SchemaTable? schema)
{
    private readonly ConcurrentDictionary<string, SimulatedSystem> _systems = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<ProgramContext, Task<uint>>> _programs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<SimulatedSession, bool> _sessions = new();
    private uint _lastProcessId = 1000;

    public FaultPlan Faults { get; } = new();

    /// <summary>Documents that were sent, with their types in the schema.</summary>
    public ConcurrentQueue<(string Type, string Document)> Sent { get; } = new();

    public IEnumerable<SimulatedSystem> Systems => _systems.Values;

    /// <summary>Installs a program in every image.</summary>
    public void Install(string name, Func<ProgramContext, Task<uint>> program) => _programs[name] = program;

    /// <summary>Lets a client in: one process of the daemon.</summary>
    public SimulatedSession Connect()
    {
        var session = new SimulatedSession(this);
        _sessions[session] = true;
        return session;
    }

    /// <summary>The service stops, and with it everything that runs; clients are told that they are cut off.</summary>
    public async Task CrashAsync()
    {
        var systems = _systems.Values.ToList();
        foreach (var system in systems)
        {
            foreach (var listeners in system.Processes.Select(p => p.Listeners).Append(system.Listeners))
            {
                listeners.Raise(HcsEventType.ServiceDisconnect, "");
                listeners.Silence(); // the last that anybody hears
            }
        }

        foreach (var session in _sessions.Keys) session.Cut();
        _systems.Clear();
        foreach (var system in systems) await system.StopAsync();
    }

    public Func<ProgramContext, Task<uint>>? FindProgram(string name) => _programs.GetValueOrDefault(name);

    public uint NextProcessId() => Interlocked.Add(ref _lastProcessId, 4);

    public SimulatedSystem Create(string id, string document)
    {
        Sent.Enqueue(("ComputeSystem", document));
        var errors = schema?.Errors(document, "ComputeSystem") ?? [];
        if (errors.Count > 0) throw new HcsException("HcsCreateComputeSystem", id, HResults.InvalidJson, string.Join("; ", errors));
        var parsed = JsonSerializer.Deserialize(document, HcsJson.Default.ComputeSystemDocument)!;
        Check(id, parsed);
        var system = new SimulatedSystem(id, parsed, this);
        return _systems.TryAdd(id, system) ? system : throw new HcsException("HcsCreateComputeSystem", id, HResults.SystemAlreadyExists);
    }

    public SimulatedProcess CreateProcess(SimulatedSystem system, string document)
    {
        Sent.Enqueue(("ProcessParameters", document));
        var errors = schema?.Errors(document, "ProcessParameters") ?? [];
        if (errors.Count > 0) throw new HcsException("HcsCreateProcess", system.Id, HResults.InvalidJson, string.Join("; ", errors));
        return system.CreateProcess(JsonSerializer.Deserialize(document, HcsJson.Default.ProcessDocument)!);
    }

    public SimulatedSystem Open(string id) => _systems.TryGetValue(id, out var system) ? system : throw new HcsException("HcsOpenComputeSystem", id, HResults.SystemNotFound);

    public string Enumerate(string query)
    {
        var owners = JsonSerializer.Deserialize(query, HcsJson.Default.SystemQuery)!.Owners;
        return JsonSerializer.Serialize(
            [.. _systems.Values.Where(s => owners.Contains(s.Document.Owner)).Select(s => new SystemProperties { Id = s.Id, Owner = s.Document.Owner, State = s.State.ToString() })],
            HcsJson.Default.IReadOnlyListSystemProperties);
    }

    /// <summary>A system that nobody holds is forgotten once it has stopped, or stops if it was made so.</summary>
    public void Collect(SimulatedSystem system)
    {
        if (system.Listeners.Count > 0) return;
        if (system.State == SystemState.Stopped) _systems.TryRemove(new KeyValuePair<string, SimulatedSystem>(system.Id, system));
        else if (system.Document.ShouldTerminateOnLastHandleClosed) _ = system.StopAsync();
    }

    private void Check(string id, ComputeSystemDocument document)
    {
        var container = document.Container;
        var processor = container.Processor;
        string? wrong = document.SchemaVersion is not { Major: 2, Minor: 1 } ? "$.SchemaVersion: not 2.1"
            : !container.Storage.Path.StartsWith(@"\\?\Volume{", StringComparison.Ordinal) || !container.Storage.Path.EndsWith('\\') ? "$.Container.Storage.Path: no volume"
            : container.Storage.Layers.Count == 0 ? "$.Container.Storage.Layers: empty"
            : !container.Storage.Layers.All(l => Guid.TryParse(l.Id, out _)) ? "$.Container.Storage.Layers: an id is no GUID"
            : new[] { processor.Count, processor.Maximum, processor.Weight }.Count(v => v > 0) > 1 ? "$.Container.Processor: limits exclude each other"
            : null;
        if (wrong is not null) throw new HcsException("HcsCreateComputeSystem", id, HResults.InvalidArgument, wrong);
        if (container.Networking?.Namespace is { } name && !(Guid.TryParse(name, out var guid) && network.Contains(guid))) throw new HcsException("HcsCreateComputeSystem", id, HResults.ElementNotFound);
    }
}
