using System.Text.Json;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop;
using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Simulator;

/// <summary>A compute system: Created, Running, Stopped, and what each state allows.</summary>
internal sealed class SimulatedSystem(string id, ComputeSystemDocument document, SimulatedService service)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, SimulatedProcess> _processes = [];

    public string Id => id;

    public ComputeSystemDocument Document => document;

    public SystemState State { get; private set; }

    public Listeners Listeners { get; } = new(service.Faults);

    public IReadOnlyList<SimulatedProcess> Processes
    {
        get
        {
            lock (_lock) return [.. _processes.Values];
        }
    }

    public void Start()
    {
        lock (_lock)
        {
            Require(SystemState.Created, "HcsStartComputeSystem");
            State = SystemState.Running;
        }
    }

    public SimulatedProcess CreateProcess(ProcessDocument parameters)
    {
        lock (_lock)
        {
            Require(SystemState.Running, "HcsCreateProcess");
            var program = service.FindProgram(CommandLineParser.Parse(parameters.CommandLine)[0])
                ?? throw new HcsException("HcsCreateProcess", id, HResults.FileNotFound, """{"Error":-2147024894,"ErrorMessage":"The system cannot find the file specified."}""");
            var process = new SimulatedProcess(service.NextProcessId(), parameters, service);
            _processes[process.Id] = process;
            process.Run(program);
            return process;
        }
    }

    public SimulatedProcess OpenProcess(uint processId)
    {
        lock (_lock)
        {
            Require(SystemState.Running, "HcsOpenProcess");
            return _processes.TryGetValue(processId, out var process) && !process.Ended.IsCompleted
                ? process
                : throw new HcsException("HcsOpenProcess", $"{id} process {processId}", HResults.ElementNotFound);
        }
    }

    /// <summary>Asks every process to end, and ends with the last.</summary>
    public void ShutDown()
    {
        lock (_lock) Require(SystemState.Running, "HcsShutDownComputeSystem");
        foreach (var process in Processes) process.Deliver("CtrlShutdown");
        _ = Task.Run(async () =>
        {
            await Task.WhenAll(Processes.Select(p => p.Ended));
            await StopAsync();
        });
    }

    public async Task TerminateAsync()
    {
        if (State == SystemState.Stopped) throw new HcsException("HcsTerminateComputeSystem", id, HResults.SystemAlreadyStopped);
        await StopAsync();
    }

    public string Properties(string? query)
    {
        bool statistics = query?.Contains("Statistics", StringComparison.Ordinal) ?? false;
        if (statistics && State != SystemState.Running) throw new HcsException("HcsGetComputeSystemProperties", id, HResults.InvalidState);
        return JsonSerializer.Serialize(
            new SystemProperties
            {
                Id = id,
                Owner = document.Owner,
                State = State.ToString(),
                Stopped = State == SystemState.Stopped,
                Statistics = statistics ? new SystemStatistics { Processor = new(12345), Memory = new() { MemoryUsageCommitBytes = 4096, MemoryUsagePrivateWorkingSetBytes = 2048 } } : null,
            },
            HcsJson.Default.SystemProperties);
    }

    public async Task StopAsync()
    {
        lock (_lock)
        {
            if (State == SystemState.Stopped) return;
            State = SystemState.Stopped;
        }

        foreach (var process in Processes)
        {
            process.Terminate();
            await process.Ended;
            await process.ClosePipesAsync();
        }

        Listeners.Raise(HcsEventType.SystemExited, """{"Status":0,"ExitType":"GracefulExit"}""");
        service.Collect(this);
    }

    private void Require(SystemState state, string call)
    {
        if (State == SystemState.Stopped) throw new HcsException(call, id, HResults.SystemAlreadyStopped);
        if (State != state) throw new HcsException(call, id, HResults.InvalidState);
    }
}
