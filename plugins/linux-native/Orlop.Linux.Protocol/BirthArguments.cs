namespace Orlop.Linux.Protocol;

/// <summary>
/// How <c>orlop-supervisor</c> is told to start itself anew in another cgroup of v2: by a verb and the cgroup's folder before its
/// <see cref="SupervisorArguments"/>. posix_spawn(3) cannot do that (before glibc 2.39), and to move a process takes longer than to start it twice. The
/// new one is a child of whoever spawned the old one, which writes the new one's id to <see cref="Handover"/> and ends. Where the kernel refuses, the
/// old one writes nothing there and goes on.
/// </summary>
internal static class BirthArguments
{
    /// <summary>The first argument.</summary>
    public const string Verb = "born-in";

    /// <summary>The write end of a pipe. Its number is free for that: what the supervisor says of a failure comes from its standard output too.</summary>
    public const int Handover = 2;
}
