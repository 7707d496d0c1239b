using Orlop.Abstractions.Plugins;

namespace Orlop.Abstractions.Logs;

/// <summary>Gets a copy of every container's log: to ship, count or watch it. The file that the kubelet reads is written first and never waits.</summary>
public interface ILogSink : IPlugPoint
{
    /// <summary>Called for each line, one after the other, in the order of each container's log.</summary>
    /// <remarks>A sink that is too slow loses the oldest lines that it has not got yet; the daemon's log counts them. A line whose call throws is lost for this sink.</remarks>
    ValueTask WriteAsync(LogLine line, CancellationToken cancellationToken);
}
