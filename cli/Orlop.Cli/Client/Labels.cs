namespace Orlop.Cli.Client;

/// <summary>The labels and annotations that the kubelet writes, and the one that marks pods of <c>orlop run</c>.</summary>
internal static class Labels
{
    public const string PodName = "io.kubernetes.pod.name";
    public const string PodNamespace = "io.kubernetes.pod.namespace";
    public const string PodUid = "io.kubernetes.pod.uid";
    public const string ContainerName = "io.kubernetes.container.name";

    public const string RestartCount = "io.kubernetes.container.restartCount";
    public const string TerminationMessagePath = "io.kubernetes.container.terminationMessagePath";
    public const string TerminationMessagePolicy = "io.kubernetes.container.terminationMessagePolicy";
    public const string TerminationGracePeriod = "io.kubernetes.pod.terminationGracePeriod";

    /// <summary>An annotation on pods whose volumes and logs belong to the CLI and go with the pod.</summary>
    public const string CreatedBy = "io.orlop.created-by";
    public const string CreatedByRun = "orlop run";
}
