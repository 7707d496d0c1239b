using Orlop.Abstractions.Execution;

namespace Orlop.Host.Engine.Pods;

internal static partial class PodLog
{
    [LoggerMessage(EventId = 300, EventName = nameof(SandboxReady), Level = LogLevel.Information, Message = "Pod {Namespace}/{Name} is ready: sandbox {Sandbox}, addresses {Addresses}.")]
    public static partial void SandboxReady(ILogger logger, string @namespace, string name, string sandbox, string addresses);

    [LoggerMessage(EventId = 301, EventName = nameof(SandboxLost), Level = LogLevel.Warning, Message = "Sandbox {Sandbox} is lost: {Reason}.")]
    public static partial void SandboxLost(ILogger logger, string sandbox, string reason);

    [LoggerMessage(EventId = 302, EventName = nameof(SandboxStopped), Level = LogLevel.Information, Message = "Sandbox {Sandbox} is stopped.")]
    public static partial void SandboxStopped(ILogger logger, string sandbox);

    [LoggerMessage(EventId = 303, EventName = nameof(SandboxRemoved), Level = LogLevel.Information, Message = "Sandbox {Sandbox} is removed.")]
    public static partial void SandboxRemoved(ILogger logger, string sandbox);

    [LoggerMessage(EventId = 310, EventName = nameof(ContainerCreated), Level = LogLevel.Information, Message = "Container {Container} ({Name}) is created in sandbox {Sandbox}.")]
    public static partial void ContainerCreated(ILogger logger, string container, string name, string sandbox);

    [LoggerMessage(EventId = 311, EventName = nameof(ContainerStarted), Level = LogLevel.Information, Message = "Container {Container} ({Name}) runs with pid {ProcessId}.")]
    public static partial void ContainerStarted(ILogger logger, string container, string name, int? processId);

    [LoggerMessage(EventId = 312, EventName = nameof(ContainerExited), Level = LogLevel.Information, Message = "Container {Container} ({Name}) ended: exit code {ExitCode}, {Reason}.")]
    public static partial void ContainerExited(ILogger logger, string container, string name, int exitCode, ExitReason reason);

    [LoggerMessage(EventId = 313, EventName = nameof(ContainerRemoved), Level = LogLevel.Information, Message = "Container {Container} is removed.")]
    public static partial void ContainerRemoved(ILogger logger, string container);

    [LoggerMessage(EventId = 314, EventName = nameof(WatchFailed), Level = LogLevel.Warning, Message = "Container {Container}: its end could not be observed.")]
    public static partial void WatchFailed(ILogger logger, string container, Exception exception);

    [LoggerMessage(EventId = 316, EventName = nameof(ExitNotRecorded), Level = LogLevel.Warning, Message = "Container {Container}: its end could not be written down; that is tried again within a minute.")]
    public static partial void ExitNotRecorded(ILogger logger, string container, Exception exception);

    [LoggerMessage(EventId = 317, EventName = nameof(LeftBehind), Level = LogLevel.Warning, Message = "Container {Container}: what its process may have left behind could not be killed; its removal tries again.")]
    public static partial void LeftBehind(ILogger logger, string container, Exception exception);

    [LoggerMessage(EventId = 315, EventName = nameof(HookFailed), Level = LogLevel.Warning, Message = "Hook {Hook} failed when it was told that {What} {Happened}; that stands.")]
    public static partial void HookFailed(ILogger logger, string hook, string what, string happened, Exception exception);

    [LoggerMessage(EventId = 320, EventName = nameof(Recovered), Level = LogLevel.Information,
        Message = "Found {Sandboxes} pods and {Containers} containers again; {Lost} pods were lost, {Unfinished} half-made ones are removed.")]
    public static partial void Recovered(ILogger logger, int sandboxes, int containers, int lost, int unfinished);

    [LoggerMessage(EventId = 321, EventName = nameof(RecoveryFailed), Level = LogLevel.Warning, Message = "Recovery of {Object} failed; it stays on record.")]
    public static partial void RecoveryFailed(ILogger logger, string @object, Exception exception);

    [LoggerMessage(EventId = 322, EventName = nameof(ReconcileFailed), Level = LogLevel.Warning, Message = "Reconciling {What} failed; it is tried again within a minute.")]
    public static partial void ReconcileFailed(ILogger logger, string what, Exception exception);

    [LoggerMessage(EventId = 323, EventName = nameof(NetworkReleased), Level = LogLevel.Information, Message = "Sandbox {Sandbox} is lost; its addresses are given back.")]
    public static partial void NetworkReleased(ILogger logger, string sandbox);

    [LoggerMessage(EventId = 324, EventName = nameof(ContainerStray), Level = LogLevel.Warning, Message = "Container {Container} is on record without its sandbox {Sandbox}; it is released and forgotten.")]
    public static partial void ContainerStray(ILogger logger, string container, string sandbox);
}
