namespace Orlop.Linux.Protocol;

/// <summary>What a supervisor is and runs.</summary>
internal sealed class Description
{
    /// <summary>The <see cref="ProtocolVersion"/> that it speaks.</summary>
    public int Version { get; init; }

    /// <summary>The supervisor's own process id.</summary>
    public int ProcessId { get; init; }

    /// <summary>When it was ready: nanoseconds since 1970-01-01 UTC.</summary>
    public long StartedAt { get; init; }

    /// <summary>The CLONE_NEW* flags of the namespaces that it made for the pod.</summary>
    public int Namespaces { get; init; }

    /// <summary>Its processes, in no particular order.</summary>
    public IReadOnlyList<ProcessDescription> Processes { get; init; } = [];

    /// <summary>How often its garbage collector has run.</summary>
    public int Collections { get; init; }

    /// <summary>How many errors it survived that no reply could carry: an exit record that could not be written, a client that broke the protocol.</summary>
    public int Faults { get; init; }

    /// <summary>The last of them.</summary>
    public string LastFault { get; init; } = "";

    /// <summary>Builds the frame. Each process has its own length, so that processes may grow fields.</summary>
    public ReadOnlyMemory<byte> ToFrame(uint id)
    {
        var w = new WireWriter();
        w.Int32(Version);
        w.Int32(ProcessId);
        w.Int64(StartedAt);
        w.Int32(Namespaces);
        w.Int32(Processes.Count);
        foreach (ProcessDescription process in Processes)
        {
            int start = w.BeginBytes();
            process.Write(w);
            w.EndBytes(start);
        }

        w.Int32(Collections);
        w.Int32(Faults);
        w.Text(LastFault);
        return w.Complete(MessageKind.Description, id);
    }

    /// <summary>Reads the body.</summary>
    public static Description Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        int version = r.Int32(), processId = r.Int32();
        long startedAt = r.Int64();
        int namespaces = r.Int32(), count = r.Int32();
        var processes = new List<ProcessDescription>();
        for (int i = 0; i < count && !r.AtEnd; i++) processes.Add(ProcessDescription.Read(r.Bytes()));
        return new Description
        {
            Version = version,
            ProcessId = processId,
            StartedAt = startedAt,
            Namespaces = namespaces,
            Processes = processes,
            Collections = r.Int32(),
            Faults = r.Int32(),
            LastFault = r.Text(),
        };
    }
}
