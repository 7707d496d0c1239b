using Microsoft.Extensions.Logging;

namespace Orlop.Linux.Containers;

internal static partial class ContainerLog
{
    [LoggerMessage(EventId = 100, EventName = nameof(CgroupRemains), Level = LogLevel.Warning, Message = "Container {Container}: its cgroup remains for now: {Reason}")]
    public static partial void CgroupRemains(ILogger logger, string container, string reason);
}
