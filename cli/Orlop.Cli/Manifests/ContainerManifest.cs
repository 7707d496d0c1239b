namespace Orlop.Cli.Manifests;

internal sealed record ContainerManifest
{
    public required string Name { get; init; }

    public required string Image { get; init; }

    public ImagePullPolicy PullPolicy { get; init; }

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public string WorkingFolder { get; init; } = "";

    public IReadOnlyList<EnvironmentManifest> Environment { get; init; } = [];

    public IReadOnlyList<PortManifest> Ports { get; init; } = [];

    public IReadOnlyList<MountManifest> Mounts { get; init; } = [];

    public ResourcesManifest Resources { get; init; } = new();

    public ContainerSecurity Security { get; init; } = new();

    public string TerminationMessagePath { get; init; } = "/dev/termination-log";

    public string TerminationMessagePolicy { get; init; } = "File";

    public bool Stdin { get; init; }

    public bool StdinOnce { get; init; }

    public bool Tty { get; init; }

    /// <summary>An init container with restartPolicy Always: it is started in its turn and runs beside the pod's containers.</summary>
    public bool IsSidecar { get; init; }
}
