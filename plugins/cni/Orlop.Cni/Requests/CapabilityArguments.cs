using System.Buffers;
using System.Net;
using System.Text.Json;
using Orlop.Abstractions.Networking;

namespace Orlop.Cni.Requests;

/// <summary>What the runtime can tell plugins about a pod, by capability; each plugin gets what it declares. CNI CONVENTIONS.md, "well-known capabilities".</summary>
internal static class CapabilityArguments
{
    /// <summary>containerd's capability for plugins that decide by the pod's annotations.</summary>
    private const string PodAnnotations = "io.kubernetes.cri.pod-annotations";

    /// <exception cref="Abstractions.Errors.RuntimeException">A bandwidth annotation cannot be read.</exception>
    public static JsonElement For(PodNetworkRequest request, IReadOnlyList<IPNetwork> podCidrs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WritePortMappings(writer, request.PortMappings);
            WriteBandwidth(writer, Bandwidth.From(request.Annotations));
            WriteDns(writer, request.Dns);
            WriteIpRanges(writer, podCidrs);
            WriteAnnotations(writer, request.Annotations);
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void WritePortMappings(Utf8JsonWriter writer, IReadOnlyList<PortMapping> mappings)
    {
        // A mapping without a port of the node only documents the pod.
        var published = mappings.Where(mapping => mapping.HostPort > 0).ToList();
        if (published.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("portMappings");
        foreach (PortMapping mapping in published)
        {
            writer.WriteStartObject();
            writer.WriteNumber("hostPort", mapping.HostPort);
            writer.WriteNumber("containerPort", mapping.ContainerPort);
            writer.WriteString("protocol", mapping.Protocol.ToLowerInvariant());
            if (mapping.HostIp.Length > 0)
            {
                writer.WriteString("hostIP", mapping.HostIp);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteBandwidth(Utf8JsonWriter writer, Bandwidth bandwidth)
    {
        if (bandwidth.IsUnlimited)
        {
            return;
        }

        writer.WriteStartObject("bandwidth");
        if (bandwidth.Ingress is { } ingress)
        {
            writer.WriteNumber("ingressRate", ingress);
            writer.WriteNumber("ingressBurst", Bandwidth.Burst);
        }

        if (bandwidth.Egress is { } egress)
        {
            writer.WriteNumber("egressRate", egress);
            writer.WriteNumber("egressBurst", Bandwidth.Burst);
        }

        writer.WriteEndObject();
    }

    private static void WriteDns(Utf8JsonWriter writer, DnsConfig dns)
    {
        if (dns.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("dns");
        WriteStrings(writer, "servers", dns.Servers);
        WriteStrings(writer, "searches", dns.Searches);
        WriteStrings(writer, "options", dns.Options);
        writer.WriteEndObject();
    }

    // The outer list has an entry for each address that the pod gets, the inner one the ranges to take it from.
    private static void WriteIpRanges(Utf8JsonWriter writer, IReadOnlyList<IPNetwork> podCidrs)
    {
        if (podCidrs.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("ipRanges");
        foreach (IPNetwork cidr in podCidrs)
        {
            writer.WriteStartArray();
            writer.WriteStartObject();
            writer.WriteString("subnet", cidr.ToString());
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteAnnotations(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> annotations)
    {
        if (annotations.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(PodAnnotations);
        foreach ((string key, string value) in annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string key, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
