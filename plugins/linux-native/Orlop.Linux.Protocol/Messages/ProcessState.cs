namespace Orlop.Linux.Protocol;

/// <summary>Where a process is in its life.</summary>
internal enum ProcessState : byte
{
    /// <summary>Its program runs and has not reached execve(2).</summary>
    Starting = 0,

    /// <summary>It runs.</summary>
    Running = 1,

    /// <summary>It has ended and its exit record is written; output may still be on its way.</summary>
    Draining = 2,

    /// <summary>It has ended and its output is written.</summary>
    Exited = 3,
}
