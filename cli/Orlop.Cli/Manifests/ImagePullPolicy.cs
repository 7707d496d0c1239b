namespace Orlop.Cli.Manifests;

internal enum ImagePullPolicy
{
    IfNotPresent,
    Always,
    Never,
}
