namespace Orlop.Host.Engine.Model;

/// <summary>What the kubelet says of the limits of a pod. It writes them into the pod's cgroup itself; to us they are information.</summary>
/// <param name="Overhead">CRI <c>LinuxPodSandboxConfig.overhead</c>; null when not given.</param>
/// <param name="Containers">The sum over the pod's containers, CRI <c>LinuxPodSandboxConfig.resources</c>; null when not given.</param>
internal sealed record SandboxResources(ContainerResources? Overhead = null, ContainerResources? Containers = null);
