using Orlop.Abstractions.Records;

namespace Orlop.Host.State;

/// <summary>Changes that wait for the writing loop.</summary>
internal sealed class CommitRequest(string ns, IReadOnlyList<KeyValuePair<string, byte[]?>> changes, Durability durability)
{
    /// <summary>Moves a bad record into quarantine.</summary>
    public CommitRequest(string ns, BadRecord bad)
        : this(ns, [], Durability.Process) => Bad = bad;

    public string Namespace { get; } = ns;

    public IReadOnlyList<KeyValuePair<string, byte[]?>> Changes { get; } = changes;

    public Durability Durability { get; } = durability;

    /// <summary>The record to quarantine; null in an ordinary commit.</summary>
    public BadRecord? Bad { get; }

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A record whose bytes do not match its checksum.</summary>
internal sealed record BadRecord(string Key, byte[] Value, long Checksum);

/// <summary>What a read found.</summary>
internal sealed record ReadOutcome(IReadOnlyList<Record> Good, IReadOnlyList<BadRecord> Bad);
