namespace Orlop.Linux.Protocol;

/// <summary>What a frame holds. A supervisor answers a kind that it does not know with <see cref="Error"/> and ENOSYS.</summary>
internal enum MessageKind : ushort
{
    /// <summary>Request without a body; answered by <see cref="Description"/>.</summary>
    Describe = 1,

    /// <summary>
    /// Request: <see cref="LaunchRequest"/>; answered by <see cref="Launched"/> once the child runs the new program. For a
    /// <see cref="ProcessKind.Exec"/> there follow, with the same id, <see cref="Output"/> frames if captured, and one <see cref="Exited"/>.
    /// </summary>
    Launch = 2,

    /// <summary>Request: <see cref="SignalRequest"/>; answered by <see cref="Done"/>, or by an error with ESRCH when the process has ended.</summary>
    Signal = 3,

    /// <summary>Request: <see cref="KeyRequest"/>. Kills the process and all that is in its cgroup; without a key, everything. Answered by <see cref="Done"/>, also when nothing runs.</summary>
    Kill = 4,

    /// <summary>Request: <see cref="KeyRequest"/>; answered by <see cref="Done"/> when the new log file is open.</summary>
    ReopenLog = 5,

    /// <summary>Request: <see cref="KeyRequest"/>. Forgets an ended process and deletes its exit record. Answered by <see cref="Done"/>, also for an unknown key; EBUSY when it runs.</summary>
    Forget = 6,

    /// <summary>Request without a body: from now on this connection gets <see cref="Exited"/> events. Answered by <see cref="Done"/>.</summary>
    Subscribe = 7,

    /// <summary>Request: <see cref="KeyRequest"/>; answered by <see cref="Done"/> with a descriptor: the write end of the process's standard input.</summary>
    OpenInput = 8,

    /// <summary>Request: <see cref="KeyRequest"/>. Closes the supervisor's own end of the standard input: the process reads its end once all <see cref="OpenInput"/> ends are closed.</summary>
    CloseInput = 9,

    /// <summary>
    /// Request: <see cref="ShutdownRequest"/>. Kills what runs if asked to, and ends the supervisor: the answer is the end of the stream. EBUSY when something
    /// runs and it was not asked to kill.
    /// </summary>
    Shutdown = 10,

    /// <summary>Request of the path helper's socket: <see cref="PathRequest"/>; answered by <see cref="PathAnswer"/>.</summary>
    Path = 11,

    /// <summary>Reply: done; no body.</summary>
    Done = 0x100,

    /// <summary>Reply: <see cref="ErrorReply"/>.</summary>
    Error = 0x101,

    /// <summary>Reply: <see cref="Protocol.Description"/>.</summary>
    Description = 0x102,

    /// <summary>Reply: <see cref="LaunchedReply"/>.</summary>
    Launched = 0x103,

    /// <summary>A piece of output of a captured process: <see cref="OutputChunk"/>.</summary>
    Output = 0x104,

    /// <summary>A process has ended and its output is written or sent: <see cref="ExitNotice"/>. As an event (id 0) or as the last answer to the <see cref="Launch"/> of an <see cref="ProcessKind.Exec"/>.</summary>
    Exited = 0x105,

    /// <summary>Reply: <see cref="PathReply"/>.</summary>
    PathAnswer = 0x106,
}
