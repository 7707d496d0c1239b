namespace Orlop.Snapshots;

/// <summary>One holder at a time for each key; keys that nobody holds take no memory.</summary>
internal sealed class KeyedLock
{
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>Waits for the key; dispose the result to let the next one in.</summary>
    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        Gate? gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(key, out gate))
                _gates.Add(key, gate = new Gate(this, key));
            gate.Users++;
        }

        try
        {
            await gate.Semaphore.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(gate, held: false);
            throw;
        }

        return gate;
    }

    private void Leave(Gate gate, bool held)
    {
        lock (_gates)
        {
            if (--gate.Users > 0)
            {
                if (held)
                    gate.Semaphore.Release();
                return;
            }

            _gates.Remove(gate.Key);
        }

        gate.Semaphore.Dispose();
    }

    private sealed class Gate(KeyedLock owner, string key) : IDisposable
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public string Key => key;

        public int Users { get; set; } // holders and waiters; guarded by the owner's lock

        public void Dispose() => owner.Leave(this, held: true);
    }
}
