namespace Orlop.Windows.Simulator;

/// <summary>Where a system is in its life; the names are those of its property <c>State</c>.</summary>
internal enum SystemState
{
    Created,
    Running,
    Stopped,
}
