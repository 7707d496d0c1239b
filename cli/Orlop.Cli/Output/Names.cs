using Orlop.Cri.V1;

namespace Orlop.Cli.Output;

/// <summary>The CRI's enumerations in the words that tables and JSON use.</summary>
internal static class Names
{
    public static string Of(PodSandboxState state) => state == PodSandboxState.SandboxReady ? "ready" : "notReady";

    public static string Of(ContainerState state) => state switch
    {
        ContainerState.ContainerCreated => "created",
        ContainerState.ContainerRunning => "running",
        ContainerState.ContainerExited => "exited",
        _ => "unknown",
    };
}
