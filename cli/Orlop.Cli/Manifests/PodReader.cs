using System.Security.Cryptography;
using Orlop.Cli.Manifests.Yaml;

namespace Orlop.Cli.Manifests;

/// <summary>Reads a v1 Pod and says which of its fields have no effect here, or cannot be served.</summary>
internal static class PodReader
{
    private const string NoController = "orlop run does not act on it: there is no scheduler and no API server here";

    // Stands for a part whose absence was already reported; nothing is started then.
    private static readonly PodManifest Invalid = new()
    {
        Name = "", Namespace = "", Uid = "", Labels = new Dictionary<string, string>(), Annotations = new Dictionary<string, string>(),
        InitContainers = [], Containers = [], Volumes = [], Security = new PodSecurity(),
    };

    public static PodManifest Read(ManifestObject root)
    {
        string apiVersion = root.RequiredString("apiVersion");
        string kind = root.RequiredString("kind");
        if (root.Has("apiVersion") && root.Has("kind") && (apiVersion, kind) != ("v1", "Pod"))
        {
            root.Error("kind", $"it is a {kind} of {apiVersion}; orlop run takes a Pod of v1");
            return Invalid;
        }

        root.Accept("status");
        var metadata = root.Object("metadata");
        var spec = root.Object("spec");
        if (!root.Has("metadata"))
            root.Error("metadata", "this field is required");

        if (!root.Has("spec"))
            root.Error("spec", "this field is required");

        root.Close();
        return metadata is null || spec is null ? Invalid : ReadSpec(spec, ReadMetadata(metadata));
    }

    private static PodManifest ReadMetadata(ManifestObject metadata)
    {
        metadata.Accept("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers", "generation", "managedFields",
            "ownerReferences", "resourceVersion", "selfLink");

        string? generated = metadata.String("generateName");
        string name = metadata.Has("name") || generated is null
            ? metadata.RequiredString("name")
            : generated + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
        ApiNames.CheckSubdomain(metadata, metadata.Has("name") ? "name" : "generateName", name);

        string podNamespace = metadata.String("namespace") ?? "default";
        ApiNames.CheckLabel(metadata, "namespace", podNamespace);

        string uid = metadata.String("uid") ?? Guid.NewGuid().ToString();
        if (uid.Length == 0 || !uid.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
            metadata.Error("uid", $"\"{uid}\" has other characters than letters, digits and dashes");

        var pod = Invalid with
        {
            Name = name,
            Namespace = podNamespace,
            Uid = uid,
            Labels = metadata.Map("labels"),
            Annotations = metadata.Map("annotations"),
        };
        metadata.Close();
        return pod;
    }

    private static PodManifest ReadSpec(ManifestObject spec, PodManifest pod)
    {
        spec.Accept("enableServiceLinks", "os", "schedulerName", "preemptionPolicy");
        spec.Ignore(NoController, "activeDeadlineSeconds", "affinity", "automountServiceAccountToken", "nodeName", "nodeSelector", "overhead",
            "priority", "priorityClassName", "readinessGates", "resources", "schedulingGates", "serviceAccount", "serviceAccountName",
            "setHostnameAsFQDN", "subdomain", "tolerations", "topologySpreadConstraints");
        spec.Ignore("orlop run reads no secrets; give credentials with --creds-stdin or ORLOP_CREDS", "imagePullSecrets");
        spec.Refuse("orlop run cannot serve it", "ephemeralContainers", "hostnameOverride", "resourceClaims", "workloadRef");
        if (spec.Boolean("hostUsers") == false)
            spec.Error("hostUsers", "orlop run does not make user namespaces; leave it out, or true");

        var security = spec.Object("securityContext") is { } context ? SecurityReader.ReadPod(context) : new PodSecurity();
        var volumes = VolumeReader.Read(spec);
        var initContainers = spec.Objects("initContainers");
        var containers = spec.Objects("containers");
        if (containers.Count == 0)
            spec.Error("containers", "a pod has at least one container");

        bool hostNetwork = spec.Boolean("hostNetwork") ?? false;
        string? restartPolicy = spec.OneOf("restartPolicy", "Always", "OnFailure", "Never");
        pod = pod with
        {
            InitContainers = [.. initContainers.Select(container => ContainerReader.Read(container, isInit: true, hostNetwork, volumes))],
            Containers = [.. containers.Select(container => ContainerReader.Read(container, isInit: false, hostNetwork, volumes))],
            Volumes = volumes,
            Security = security,
            RestartPolicy = restartPolicy is null ? null : Enum.TryParse<RestartPolicy>(restartPolicy, out var policy) ? policy : null,
            GracePeriod = TimeSpan.FromSeconds(spec.Integer("terminationGracePeriodSeconds", 0, int.MaxValue) ?? 30),
            HostNetwork = hostNetwork,
            HostPid = spec.Boolean("hostPID") ?? false,
            HostIpc = spec.Boolean("hostIPC") ?? false,
            ShareProcessNamespace = spec.Boolean("shareProcessNamespace") ?? false,
            Hostname = spec.String("hostname"),
            DnsPolicy = spec.OneOf("dnsPolicy", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None") ?? "ClusterFirst",
            Dns = ReadDns(spec),
            HostAliases = ReadHostAliases(spec),
            RuntimeHandler = spec.String("runtimeClassName") ?? "",
        };

        if (pod.Hostname is { } hostname)
            ApiNames.CheckLabel(spec, "hostname", hostname);

        if (pod is { HostPid: true, ShareProcessNamespace: true })
            spec.Error("shareProcessNamespace", "it cannot be true together with hostPID");

        CheckContainers(spec, pod);
        spec.Close();
        return pod;
    }

    private static void CheckContainers(ManifestObject spec, PodManifest pod)
    {
        var all = pod.InitContainers.Concat(pod.Containers).ToList();
        foreach (var twins in all.GroupBy(container => container.Name, StringComparer.Ordinal).Where(group => group.Key.Length > 0 && group.Count() > 1))
            spec.Error("containers", $"{twins.Count()} containers have the name \"{twins.Key}\"");

        var hostPorts = pod.Containers.SelectMany(container => container.Ports).Where(port => port.HostPort > 0);
        foreach (var clash in hostPorts.GroupBy(port => (port.HostIp, port.HostPort, port.Protocol)).Where(group => group.Count() > 1))
            spec.Error("containers", $"{clash.Count()} ports want the host's port {clash.Key.HostPort}/{clash.Key.Protocol}");
    }

    private static DnsManifest ReadDns(ManifestObject spec)
    {
        if (spec.Object("dnsConfig") is not { } config)
        {
            if (spec.String("dnsPolicy") == "None")
                spec.Error("dnsPolicy", "None needs dnsConfig with a nameserver");

            return new DnsManifest();
        }

        var options = new List<string>();
        foreach (var option in config.Objects("options"))
        {
            string name = option.RequiredString("name");
            options.Add(option.String("value") is { } value ? $"{name}:{value}" : name);
            option.Close();
        }

        var dns = new DnsManifest { Nameservers = config.Strings("nameservers"), Searches = config.Strings("searches"), Options = options };
        foreach (string server in dns.Nameservers.Where(server => !System.Net.IPAddress.TryParse(server, out _)))
            config.Error("nameservers", $"\"{server}\" is not an IP address");

        if (spec.String("dnsPolicy") == "None" && dns.Nameservers.Count == 0)
            config.Error("nameservers", "dnsPolicy None needs at least one");

        config.Close();
        return dns;
    }

    private static List<HostAlias> ReadHostAliases(ManifestObject spec)
    {
        var aliases = new List<HostAlias>();
        foreach (var alias in spec.Objects("hostAliases"))
        {
            var entry = new HostAlias(alias.RequiredString("ip"), alias.Strings("hostnames"));
            if (!System.Net.IPAddress.TryParse(entry.Ip, out _))
                alias.Error("ip", $"\"{entry.Ip}\" is not an IP address");

            foreach (string hostname in entry.Hostnames)
                ApiNames.CheckSubdomain(alias, "hostnames", hostname);

            aliases.Add(entry);
            alias.Close();
        }

        return aliases;
    }
}
