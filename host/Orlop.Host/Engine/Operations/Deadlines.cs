namespace Orlop.Host.Engine.Operations;

/// <summary>How long an operation may take. Between the two it goes on without its caller, whose retry joins it.</summary>
/// <param name="Caller">How long each caller waits for it: less than the kubelet, whose error would hide ours, which says in which phase it is.</param>
/// <param name="Work">When it is cancelled and undone.</param>
internal readonly record struct Deadlines(TimeSpan Caller, TimeSpan Work);
