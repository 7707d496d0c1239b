using Orlop.Cni.Attachments;

namespace Orlop.Cni.Tests.Attachments;

public sealed class OperationGateTests
{
    private readonly OperationGate _gate = new();

    [Fact]
    public async Task Operations_of_one_sandbox_take_turns()
    {
        IDisposable first = await _gate.EnterAsync("s1", CancellationToken.None);
        Task<IDisposable> second = _gate.EnterAsync("s1", CancellationToken.None);
        await Task.Delay(50);
        second.IsCompleted.Should().BeFalse();

        first.Dispose();
        (await second).Dispose();
        _gate.IsBusy("s1").Should().BeFalse();
    }

    [Fact]
    public async Task One_who_gives_up_waiting_leaves_the_turn_to_the_others()
    {
        IDisposable first = await _gate.EnterAsync("s1", CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        Task<IDisposable> impatient = _gate.EnterAsync("s1", cancel.Token);
        await cancel.CancelAsync();
        await impatient.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();

        first.Dispose();

        (await _gate.EnterAsync("s1", CancellationToken.None)).Dispose();
        _gate.IsBusy("s1").Should().BeFalse();
    }

    [Fact]
    public async Task Operations_of_different_sandboxes_run_together_and_hold_a_collection_off()
    {
        IDisposable first = await _gate.EnterAsync("s1", CancellationToken.None);
        IDisposable second = await _gate.EnterAsync("s2", CancellationToken.None);
        Task<IDisposable?> collection = _gate.TryEnterCollectionAsync(CancellationToken.None);

        first.Dispose();
        await Task.Delay(50);
        collection.IsCompleted.Should().BeFalse();
        second.Dispose();

        (await collection).Should().NotBeNull();
    }

    [Fact]
    public async Task A_waiting_collection_holds_no_operation_back_but_a_running_one_does()
    {
        IDisposable first = await _gate.EnterAsync("s1", CancellationToken.None);
        Task<IDisposable?> collection = _gate.TryEnterCollectionAsync(CancellationToken.None);
        IDisposable second = await _gate.EnterAsync("s2", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        first.Dispose();
        second.Dispose();
        IDisposable? running = await collection;

        Task<IDisposable> third = _gate.EnterAsync("s3", CancellationToken.None);
        await Task.Delay(50);
        third.IsCompleted.Should().BeFalse();
        running!.Dispose();

        (await third).Dispose();
    }

    [Fact]
    public async Task A_collection_gives_up_when_its_patience_ends()
    {
        using IDisposable operation = await _gate.EnterAsync("s1", CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        (await _gate.TryEnterCollectionAsync(patience.Token)).Should().BeNull();
    }

    [Fact]
    public async Task Under_any_interleaving_no_collection_overlaps_an_operation_and_no_sandbox_runs_twice()
    {
        int[] running = new int[4];
        int collecting = 0;
        var wrong = new System.Collections.Concurrent.ConcurrentQueue<string>();

        async Task OperateAsync(int worker)
        {
            for (int i = 0; i < 200; i++)
            {
                int sandbox = (worker + i) % running.Length;
                using (await _gate.EnterAsync($"s{sandbox}", CancellationToken.None))
                {
                    if (Interlocked.Increment(ref running[sandbox]) != 1 || Volatile.Read(ref collecting) != 0)
                    {
                        wrong.Enqueue($"worker {worker}, step {i}");
                    }

                    await Task.Yield();
                    Interlocked.Decrement(ref running[sandbox]);
                }
            }
        }

        async Task CollectAsync()
        {
            for (int i = 0; i < 50; i++)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
                using IDisposable? turn = await _gate.TryEnterCollectionAsync(patience.Token);
                if (turn is not null)
                {
                    Interlocked.Increment(ref collecting);
                    if (running.Any(count => count != 0))
                    {
                        wrong.Enqueue($"collection {i}");
                    }

                    await Task.Yield();
                    Interlocked.Decrement(ref collecting);
                }
            }
        }

        await Task.WhenAll([.. Enumerable.Range(0, 6).Select(worker => Task.Run(() => OperateAsync(worker))), Task.Run(CollectAsync), Task.Run(CollectAsync)])
            .WaitAsync(TimeSpan.FromSeconds(30));

        wrong.Should().BeEmpty();
    }
}
