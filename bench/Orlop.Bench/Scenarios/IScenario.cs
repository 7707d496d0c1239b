namespace Orlop.Bench.Scenarios;

/// <summary>Measures something on all runtimes, and leaves nothing on them.</summary>
internal interface IScenario
{
    string Name { get; }

    Task RunAsync(CancellationToken cancellationToken);
}
