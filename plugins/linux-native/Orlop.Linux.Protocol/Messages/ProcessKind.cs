namespace Orlop.Linux.Protocol;

/// <summary>What a process is to its pod.</summary>
internal enum ProcessKind : byte
{
    /// <summary>A container's first process: its end is recorded, announced, and kept until <see cref="MessageKind.Forget"/>.</summary>
    Container = 0,

    /// <summary>A command in a container: belongs to the connection that launched it, is killed when that goes away, and is forgotten at its end.</summary>
    Exec = 1,

    /// <summary>The first process of a shared pid namespace; treated like a container.</summary>
    PodInit = 2,
}
