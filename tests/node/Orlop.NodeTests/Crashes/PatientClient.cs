namespace Orlop.NodeTests.Crashes;

/// <summary>A kubelet's patience: a call that got no answer because the daemon went away, or has not come back yet, is made again.</summary>
internal sealed class PatientClient(Node node, Answers answers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public RuntimeService.RuntimeServiceClient Runtime => node.Cri.Runtime;

    public async Task<T> AskAsync<T>(Func<RuntimeService.RuntimeServiceClient, AsyncUnaryCall<T>> call)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                var answer = await call(Runtime);
                answers.Count();
                return answer;
            }
            catch (RpcException e) when (IsInterruption(e))
            {
                await Task.Delay(Pause, patience.Token);
            }
        }
    }

    /// <summary>Whether the daemon gave no answer of its own.</summary>
    public static bool IsInterruption(RpcException e) => e.StatusCode == StatusCode.Unavailable || e.Status.DebugException is not null;
}
