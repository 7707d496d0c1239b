using System.IO.Pipelines;
using System.Text.Json;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Simulator;

/// <summary>A process: a program that runs, its pipes, and the handles on it.</summary>
internal sealed class SimulatedProcess(uint id, ProcessDocument parameters, SimulatedService service)
{
    /// <summary>What HCS gives a process that it terminates.</summary>
    public const uint TerminatedCode = 0xFFFFFFFF;

    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<uint> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Listeners _listeners = new(service.Faults);
    private readonly Pipe? _stdout = parameters.CreateStdOutPipe ? new Pipe() : null;
    private readonly Pipe? _stderr = parameters.CreateStdErrPipe ? new Pipe() : null;

    public uint Id => id;

    public ProcessDocument Parameters => parameters;

    public Listeners Listeners => _listeners;

    public Task<string> Signal => _signal.Task;

    public Task Terminated => _terminated.Task;

    public bool PipesStayOpen { get; set; }

    /// <summary>Its exit code, once it has ended.</summary>
    public Task<uint> Ended => _ended.Task;

    public PipeReader? Output => _stdout?.Reader;

    public PipeReader? Errors => _stderr?.Reader;

    public void Run(Func<ProgramContext, Task<uint>> program) => _ = Task.Run(async () =>
    {
        var running = program(new ProgramContext(this));
        uint code = await Task.WhenAny(running, Terminated) == running ? await running : TerminatedCode;
        if (!PipesStayOpen || Terminated.IsCompleted) await ClosePipesAsync();
        _ended.TrySetResult(code);
        string data = service.Faults.ProcessEventsEmpty ? "" : Status();
        if (!service.Faults.ProcessEventsLost) _listeners.Raise(HcsEventType.ProcessExited, data);
    });

    public void Terminate() => _terminated.TrySetResult();

    public void Deliver(string signal) => _signal.TrySetResult(signal);

    /// <summary>A <c>ProcessStatus</c>.</summary>
    public string Status() => JsonSerializer.Serialize(
        new ProcessStatus { ProcessId = id, Exited = Ended.IsCompleted, ExitCode = Ended.IsCompletedSuccessfully ? Ended.GetAwaiter().GetResult() : 0 },
        HcsJson.Default.ProcessStatus);

    public async Task WriteAsync(byte[] bytes, bool standardError)
    {
        if ((standardError ? _stderr : _stdout) is { } pipe) await pipe.Writer.WriteAsync(bytes);
    }

    public async Task ClosePipesAsync()
    {
        if (_stdout is not null) await _stdout.Writer.CompleteAsync();
        if (_stderr is not null) await _stderr.Writer.CompleteAsync();
    }
}
