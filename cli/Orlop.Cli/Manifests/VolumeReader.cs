using Orlop.Cli.Manifests.Yaml;

namespace Orlop.Cli.Manifests;

/// <summary>Reads a pod's volumes.</summary>
internal static class VolumeReader
{
    private static readonly string[] OtherKinds =
    [
        "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "configMap", "csi", "downwardAPI", "ephemeral", "fc",
        "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "image", "iscsi", "nfs", "persistentVolumeClaim",
        "photonPersistentDisk", "portworxVolume", "projected", "quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume",
    ];

    public static IReadOnlyList<VolumeManifest> Read(ManifestObject spec)
    {
        var volumes = new List<VolumeManifest>();
        foreach (var volume in spec.Objects("volumes"))
        {
            string name = volume.RequiredString("name");
            ApiNames.CheckLabel(volume, "name", name);
            if (volumes.Exists(other => other.Name == name))
                volume.Error("name", $"another volume has the name \"{name}\"");

            volume.Refuse("orlop run has only emptyDir and hostPath volumes", OtherKinds);
            volumes.Add(ReadSource(volume, name));
            volume.Close();
        }

        return volumes;
    }

    private static VolumeManifest ReadSource(ManifestObject volume, string name)
    {
        if (volume.Has("hostPath") && volume.Has("emptyDir"))
            volume.Error("hostPath", "a volume has one kind");

        if (volume.Object("hostPath") is { } hostPath)
        {
            string path = hostPath.RequiredString("path");
            if (path.Length > 0 && (!path.StartsWith('/') || path.Split('/').Contains("..", StringComparer.Ordinal)))
                hostPath.Error("path", $"\"{path}\" is not an absolute path without \"..\"");

            string type = hostPath.OneOf("type", "", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice") ?? "";
            hostPath.Close();
            return new VolumeManifest(name, path, type);
        }

        if (volume.Object("emptyDir") is { } emptyDir)
        {
            string medium = emptyDir.String("medium") ?? "";
            if (medium is not ("" or "Memory"))
                emptyDir.Error("medium", $"\"{medium}\" is not supported; leave it out, or write Memory");

            if (emptyDir.Quantity("sizeLimit") is not null)
                emptyDir.Warning("sizeLimit", "orlop run does not enforce it");

            emptyDir.Close();
        }
        else if (!OtherKinds.Any(volume.Has))
        {
            volume.Error("name", "the volume has no kind; write emptyDir: {} or hostPath");
        }

        return new VolumeManifest(name, HostPath: null, HostPathType: "");
    }
}
