namespace Orlop.Linux.Supervisor.Logs;

/// <summary>Where formatted lines go.</summary>
internal interface ILogTarget
{
    /// <summary>Takes whole lines. Never throws: what cannot be kept is dropped and counted.</summary>
    void Write(ReadOnlySpan<byte> lines);
}
