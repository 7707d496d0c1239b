using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Abstractions.Records;
using Orlop.Host.State;

namespace Orlop.Microbench;

/// <summary>The record store: commits of 4 KiB, alone and many at once, and a list of a node's records.</summary>
[MemoryDiagnoser]
public class StateBenchmarks
{
    private const int Records = 500;
    private const int AtOnce = 32;

    private readonly byte[] _value = new byte[4096];
    private string _folder = "";
    private RecordDatabase _database = null!;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        new Random(1).NextBytes(_value);
        _folder = Directory.CreateTempSubdirectory("orlop-microbench-").FullName;
        _database = new RecordDatabase(Path.Join(_folder, "state.db"), TimeProvider.System, NullLogger<RecordDatabase>.Instance);
        for (int i = 0; i < Records; i++) await PutAsync(i, Durability.Process);
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "commit that survives kill -9")]
    public Task CommitAsync() => PutAsync(0, Durability.Process);

    [Benchmark(Description = "commit that survives a power cut")]
    public Task SyncAsync() => PutAsync(0, Durability.Power);

    [Benchmark(Description = "32 commits at once", OperationsPerInvoke = AtOnce)]
    public Task CommitManyAsync() => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => PutAsync(i, Durability.Process)));

    [Benchmark(Description = "list of 500 records")]
    public async Task<int> ListAsync() => (await _database.ListAsync("bench", "", CancellationToken.None)).Count;

    private async Task PutAsync(int number, Durability durability) =>
        await _database.CommitAsync("bench", new RecordChanges().Put($"container/{number:x64}", _value), durability, CancellationToken.None);
}
