namespace Orlop.Host.Engine.Model;

internal enum ContainerState
{
    /// <summary>Being made: on record so that a crash leaves no orphan (R6), but not visible.</summary>
    Creating,

    Created,

    Running,

    Exited,
}
