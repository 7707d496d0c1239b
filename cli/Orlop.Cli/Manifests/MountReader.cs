using Orlop.Cli.Manifests.Yaml;

namespace Orlop.Cli.Manifests;

/// <summary>Reads a container's volumeMounts.</summary>
internal static class MountReader
{
    public static IReadOnlyList<MountManifest> Read(ManifestObject container, IReadOnlyList<VolumeManifest> volumes)
    {
        var mounts = new List<MountManifest>();
        foreach (var mount in container.Objects("volumeMounts"))
        {
            var read = ReadOne(mount);
            if (read.Volume.Length > 0 && !volumes.Any(volume => volume.Name == read.Volume))
                mount.Error("name", $"the pod has no volume \"{read.Volume}\"");

            mounts.Add(read);
            mount.Close();
        }

        foreach (var twins in mounts.GroupBy(mount => mount.MountPath, StringComparer.Ordinal).Where(group => group.Key.Length > 0 && group.Count() > 1))
            container.Error("volumeMounts", $"{twins.Count()} mounts are at {twins.Key}");

        return mounts;
    }

    private static MountManifest ReadOne(ManifestObject mount)
    {
        var result = new MountManifest(
            mount.RequiredString("name"), mount.RequiredString("mountPath"), mount.Boolean("readOnly") ?? false,
            mount.String("subPath") ?? "", mount.String("subPathExpr") ?? "",
            mount.OneOf("mountPropagation", "None", "HostToContainer", "Bidirectional") ?? "None",
            mount.OneOf("recursiveReadOnly", "Disabled", "IfPossible", "Enabled") ?? "Disabled");

        if (result.MountPath.Contains(':', StringComparison.Ordinal))
            mount.Error("mountPath", "it must not contain a colon");

        if (result.SubPath.Length > 0 && result.SubPathExpression.Length > 0)
            mount.Error("subPathExpr", "a mount has either subPath or subPathExpr");

        if (SubPathProblem(result.SubPath) is { } problem)
            mount.Error("subPath", problem);

        if (result.RecursiveReadOnly != "Disabled" && !result.ReadOnly)
            mount.Error("recursiveReadOnly", "it needs readOnly: true");

        if (result.RecursiveReadOnly != "Disabled" && result.Propagation != "None")
            mount.Error("recursiveReadOnly", "it needs mountPropagation None");

        return result;
    }

    /// <summary>Why a path cannot be within a volume; null when it can.</summary>
    public static string? SubPathProblem(string path)
    {
        if (path.StartsWith('/'))
            return $"\"{path}\" is not relative to its volume";

        return path.Split('/').Contains("..", StringComparer.Ordinal) ? $"\"{path}\" goes up with \"..\"" : null;
    }
}
