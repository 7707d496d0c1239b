using Orlop.Abstractions.Lifecycle;

namespace Orlop.Linux.Tests.Crashes;

/// <summary>The phases of operations of a host that dies at one of their steps: whoever comes to that goes no further.</summary>
/// <param name="step">Which, from 1; 0 for a host that lives.</param>
internal sealed class DeadlyPhase(int step) : IPhase
{
    private readonly TaskCompletionSource<string> _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _buried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _steps;

    /// <summary>Completes with the step's name.</summary>
    public Task<string> Died => _died.Task;

    /// <summary>Lets go of the thread of what went no further, once nothing that it could do matters any more.</summary>
    public void Bury() => _buried.TrySetResult();

    public IPhase Begin(string name)
    {
        Step(name);
        return this;
    }

    public void Note(string detail) => Step(detail);

    public void Dispose()
    {
    }

    private void Step(string name)
    {
        if (Interlocked.Increment(ref _steps) != step) return;
        _died.SetResult(name);
        _buried.Task.Wait();
        throw new OperationCanceledException($"the host died at {name}");
    }
}
