namespace Orlop.Linux.Protocol;

/// <summary>Where a process's standard input comes from.</summary>
internal enum InputMode : byte
{
    /// <summary>/dev/null.</summary>
    Null = 0,

    /// <summary>A pipe that the supervisor holds open until <see cref="MessageKind.CloseInput"/>.</summary>
    Pipe = 1,
}
