using Orlop.Linux.Protocol;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>Hears what becomes of processes.</summary>
internal interface IProcessOwner
{
    /// <summary>Keeps how a process ended. Never throws.</summary>
    void Record(string key, ExitRecord record);

    /// <summary>It has been started.</summary>
    void Started(ManagedProcess process, LaunchedReply reply);

    /// <summary>It could not be started, and is disposed after this.</summary>
    void Failed(ManagedProcess process, ErrorReply reply);

    /// <summary>It has ended and its output is written or sent.</summary>
    void Exited(ManagedProcess process);
}
