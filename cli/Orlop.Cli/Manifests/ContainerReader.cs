using Orlop.Cli.Manifests.Yaml;

namespace Orlop.Cli.Manifests;

/// <summary>Reads a container of a pod.</summary>
internal static class ContainerReader
{
    private static readonly string[] FieldPaths =
        ["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "status.podIP", "status.podIPs"];

    private static readonly string[] FieldMaps = ["metadata.labels['", "metadata.annotations['"];

    public static ContainerManifest Read(ManifestObject container, bool isInit, bool hostNetwork, IReadOnlyList<VolumeManifest> volumes)
    {
        container.Accept("resizePolicy");
        container.Ignore("orlop run runs no probes and no hooks", "lifecycle", "livenessProbe", "readinessProbe", "startupProbe");
        container.Ignore("orlop run does not act on it", "restartPolicyRules");
        container.Refuse("orlop run reads no config maps and secrets; write the variables into env", "envFrom");
        container.Refuse("orlop run has no volumes of this kind", "volumeDevices");

        string name = container.RequiredString("name");
        ApiNames.CheckLabel(container, "name", name);
        string image = container.RequiredString("image");

        var result = new ContainerManifest
        {
            Name = name,
            Image = image,
            PullPolicy = ReadPullPolicy(container, image),
            Command = container.Strings("command"),
            Arguments = container.Strings("args"),
            WorkingFolder = container.String("workingDir") ?? "",
            Environment = ReadEnvironment(container),
            Ports = ReadPorts(container, hostNetwork),
            Mounts = MountReader.Read(container, volumes),
            Resources = container.Object("resources") is { } resources ? ResourcesReader.Read(resources) : new ResourcesManifest(),
            Security = container.Object("securityContext") is { } security ? SecurityReader.ReadContainer(security) : new ContainerSecurity(),
            TerminationMessagePath = container.String("terminationMessagePath") ?? "/dev/termination-log",
            TerminationMessagePolicy = container.OneOf("terminationMessagePolicy", "File", "FallbackToLogsOnError") ?? "File",
            Stdin = container.Boolean("stdin") ?? false,
            StdinOnce = container.Boolean("stdinOnce") ?? false,
            Tty = container.Boolean("tty") ?? false,
            IsSidecar = ReadRestartPolicy(container, isInit),
        };
        container.Close();
        return result;
    }

    private static bool ReadRestartPolicy(ManifestObject container, bool isInit)
    {
        string? policy = container.OneOf("restartPolicy", "Always", "OnFailure", "Never");
        if (policy is null)
            return false;

        if (isInit && policy == "Always")
        {
            container.Warning("restartPolicy", "the sidecar is started in its turn and runs beside the containers; it is not restarted");
            return true;
        }

        container.Error("restartPolicy", isInit
            ? $"{policy} is not supported for an init container; leave it out, or write Always for a sidecar"
            : "it is not supported for a single container; state the pod's restartPolicy");
        return false;
    }

    private static ImagePullPolicy ReadPullPolicy(ManifestObject container, string image)
    {
        if (container.OneOf("imagePullPolicy", "Always", "IfNotPresent", "Never") is { } stated && Enum.TryParse<ImagePullPolicy>(stated, out var policy))
            return policy;

        if (image.Contains('@', StringComparison.Ordinal))
            return ImagePullPolicy.IfNotPresent;

        // The tag follows the last colon, unless that one belongs to the registry's port; no tag means latest.
        string last = image[(image.LastIndexOf('/') + 1)..];
        int colon = last.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || last[(colon + 1)..] == "latest" ? ImagePullPolicy.Always : ImagePullPolicy.IfNotPresent;
    }

    private static List<EnvironmentManifest> ReadEnvironment(ManifestObject container)
    {
        var variables = new List<EnvironmentManifest>();
        foreach (var variable in container.Objects("env"))
        {
            string name = variable.RequiredString("name");
            if (name.Contains('=', StringComparison.Ordinal) || name.Any(char.IsControl))
                variable.Error("name", $"\"{name}\" has an = or a control character");

            string value = variable.String("value") ?? "";
            if (variable.Has("value") && variable.Has("valueFrom"))
                variable.Error("valueFrom", "a variable has either value or valueFrom");

            variables.Add(new EnvironmentManifest(name, value, ReadFieldPath(variable)));
            variable.Close();
        }

        return variables;
    }

    private static string? ReadFieldPath(ManifestObject variable)
    {
        if (variable.Object("valueFrom") is not { } source)
            return null;

        source.Refuse("orlop run reads no config maps and secrets; write the value", "configMapKeyRef", "fileKeyRef", "secretKeyRef");
        source.Refuse("orlop run supports only fieldRef; write the value", "resourceFieldRef");
        string? path = null;
        if (source.Object("fieldRef") is { } field)
        {
            field.OneOf("apiVersion", "v1");
            path = field.RequiredString("fieldPath");
            bool known = FieldPaths.Contains(path) || Array.Exists(FieldMaps, map => path.StartsWith(map, StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal));
            if (path.Length > 0 && !known)
                field.Error("fieldPath", $"\"{path}\" is none of {string.Join(", ", FieldPaths)}, metadata.labels['KEY'], metadata.annotations['KEY']");

            field.Close();
        }

        source.Close();
        return path;
    }

    private static List<PortManifest> ReadPorts(ManifestObject container, bool hostNetwork)
    {
        var ports = new List<PortManifest>();
        foreach (var port in container.Objects("ports"))
        {
            port.Accept("name");
            if (!port.Has("containerPort"))
                port.Error("containerPort", "this field is required");

            int containerPort = (int)(port.Integer("containerPort", 1, 65535) ?? 0);
            int hostPort = (int)(port.Integer("hostPort", 0, 65535) ?? 0);
            if (hostNetwork && hostPort != 0 && hostPort != containerPort)
                port.Error("hostPort", $"with hostNetwork it is {containerPort}, like containerPort");

            string hostIp = port.String("hostIP") ?? "";
            if (hostIp.Length > 0 && !System.Net.IPAddress.TryParse(hostIp, out _))
                port.Error("hostIP", $"\"{hostIp}\" is not an IP address");

            ports.Add(new PortManifest(containerPort, hostPort, hostIp, port.OneOf("protocol", "TCP", "UDP", "SCTP") ?? "TCP"));
            port.Close();
        }

        return ports;
    }
}
