namespace Orlop.Cli.Manifests;

internal enum RestartPolicy
{
    Never,
    OnFailure,
    Always,
}
