using Orlop.Abstractions.Lifecycle;

namespace Orlop.Host.Engine.Operations;

/// <summary>What must be taken back when an operation fails, in reverse order.</summary>
internal sealed class UndoStack(OperationTrace trace, ILogger logger, TimeProvider clock)
{
    /// <summary>One step may take this long: cleaning up must end although the operation's own token is cancelled.</summary>
    private static readonly TimeSpan StepDeadline = TimeSpan.FromSeconds(60);

    private readonly Stack<(string Name, Func<IPhase, CancellationToken, Task> Step)> _steps = new();

    public void Push(string name, Func<IPhase, CancellationToken, Task> step) => _steps.Push((name, step));

    /// <summary>Takes everything back; a step that fails does not stop the others.</summary>
    /// <returns>Whether nothing is left behind.</returns>
    public async Task<bool> RunAsync()
    {
        bool clean = true;
        while (_steps.TryPop(out var undo))
        {
            using var phase = trace.Begin($"undo {undo.Name}");
            using var deadline = new CancellationTokenSource(StepDeadline, clock);
            try
            {
                await undo.Step(phase, deadline.Token);
            }
            catch (Exception e)
            {
                OperationLog.UndoFailed(logger, trace.Key.ToString(), undo.Name, e);
                clean = false;
            }
        }

        return clean;
    }
}
