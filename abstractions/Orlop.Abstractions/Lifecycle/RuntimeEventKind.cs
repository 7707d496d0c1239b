namespace Orlop.Abstractions.Lifecycle;

/// <summary>The kinds of <see cref="RuntimeEvent"/>; CRI <c>ContainerEventType</c>.</summary>
public enum RuntimeEventKind
{
    /// <summary>Exists now.</summary>
    Created,

    /// <summary>Runs now.</summary>
    Started,

    /// <summary>Ended.</summary>
    Stopped,

    /// <summary>Is gone.</summary>
    Deleted,
}
