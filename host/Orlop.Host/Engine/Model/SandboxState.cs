namespace Orlop.Host.Engine.Model;

internal enum SandboxState
{
    /// <summary>Being made: on record so that a crash leaves no orphan (R6), but not visible.</summary>
    Creating,

    Ready,

    NotReady,
}
