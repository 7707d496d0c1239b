using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;

namespace Vendor.Plugin;

/// <summary>Which sandbox has which address. On record before the sandbox gets it, so that no crash gives one twice or forgets one.</summary>
internal sealed class Leases : IDisposable
{
    private const string Prefix = "lease/";

    private readonly IRecordStore _records;
    private readonly SemaphoreSlim _gate = new(1); // one at a time looks for a free address

    public Leases(PluginContext context, IRecordStore records)
    {
        _records = records;
        string range = context.Settings.String("range");
        if (!IPNetwork.TryParse(range, out var parsed) || parsed.BaseAddress.AddressFamily is not AddressFamily.InterNetwork || parsed.PrefixLength > 30)
            throw new ArgumentException($"plugins.{context.Id}.range is \"{range}\"; write an IPv4 network with room for pods, for example 10.66.0.0/16");
        Range = parsed;
    }

    /// <summary>The network of all pods of this node.</summary>
    public IPNetwork Range { get; }

    /// <summary>The node's own address in it.</summary>
    public IPAddress Gateway => At(1);

    /// <summary>The sandbox's address, the same again for the same sandbox.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.ResourceExhausted"/>: all are taken.</exception>
    public async Task<IPAddress> TakeAsync(string sandboxId, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var leases = await AllAsync(cancellationToken);
            if (leases.TryGetValue(sandboxId, out var leased))
                return leased;

            var taken = leases.Values.ToHashSet();
            uint last = (1u << (32 - Range.PrefixLength)) - 2; // the one after it is for broadcasts
            for (uint i = 2; i <= last; i++)
            {
                if (taken.Contains(At(i)))
                    continue;

                await _records.CommitAsync(new RecordChanges().Put(Prefix + sandboxId, At(i).GetAddressBytes()), Durability.Process, cancellationToken);
                return At(i);
            }

            throw new RuntimeException(ErrorKind.ResourceExhausted, $"all {taken.Count} pod addresses of {Range} are taken; widen the range");
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gives the address back; nothing happens when there is none.</summary>
    public async Task ReleaseAsync(string sandboxId, CancellationToken cancellationToken) =>
        await _records.CommitAsync(new RecordChanges().Delete(Prefix + sandboxId), Durability.Process, cancellationToken);

    /// <summary>All addresses by sandbox.</summary>
    public async Task<IReadOnlyDictionary<string, IPAddress>> AllAsync(CancellationToken cancellationToken) =>
        (await _records.ListAsync(Prefix, cancellationToken)).ToDictionary(record => record.Key[Prefix.Length..], record => new IPAddress(record.Value), StringComparer.Ordinal);

    public void Dispose() => _gate.Dispose();

    private IPAddress At(uint offset)
    {
        byte[] address = Range.BaseAddress.GetAddressBytes();
        BinaryPrimitives.WriteUInt32BigEndian(address, BinaryPrimitives.ReadUInt32BigEndian(address) + offset);
        return new IPAddress(address);
    }
}
