using System.Net;
using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Records;
using Orlop.Cni.Attachments;

namespace Orlop.Cni;

/// <summary>The node's pod address ranges, which the kubelet announces once and expects to be known after a restart too.</summary>
internal sealed class PodCidrs(IRecordStore records)
{
    private const string Key = "pod-cidrs";

    private volatile IReadOnlyList<IPNetwork> _current = [];

    public IReadOnlyList<IPNetwork> Current => _current;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (await records.GetAsync(Key, cancellationToken) is { } value)
        {
            _current = Read(value);
        }
    }

    /// <exception cref="RuntimeException">A text is no address range; nothing is changed then.</exception>
    public async Task SetAsync(IReadOnlyList<string> cidrs, CancellationToken cancellationToken)
    {
        var wanted = cidrs.Select(cidr => cidr.Trim()).Where(cidr => cidr.Length > 0).Select(Parse).ToList();
        if (wanted.SequenceEqual(_current))
        {
            return;
        }

        string[] texts = wanted.Select(cidr => cidr.ToString()).ToArray();
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(texts, AttachmentJson.Default.StringArray);
        await records.CommitAsync(new RecordChanges().Put(Key, value), Durability.Process, cancellationToken);
        _current = wanted;
    }

    private static IPNetwork Parse(string text) => IPNetwork.TryParse(text, out IPNetwork cidr)
        ? cidr
        : throw RuntimeException.InvalidArgument($"Pod CIDR '{text}' is no address range such as 10.244.3.0/24, or has bits behind its prefix.");

    // A record that cannot be read is announced anew by the kubelet (R12).
    private static List<IPNetwork> Read(byte[] value)
    {
        try
        {
            string[] texts = JsonSerializer.Deserialize(value, AttachmentJson.Default.StringArray) ?? [];
            return texts.Where(text => IPNetwork.TryParse(text, out _)).Select(text => IPNetwork.Parse(text)).ToList();
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
