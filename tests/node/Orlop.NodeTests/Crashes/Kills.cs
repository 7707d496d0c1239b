using System.Globalization;
using Orlop.Testing.Images;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Crashes;

/// <summary>SIGKILL at random moments, while pods and containers come and go.</summary>
public sealed class Kills() : OwnNodeTest(new NodeOptions())
{
    private const int Count = 50; // for each seed
    private const int Workers = 4;

    private static readonly TimeSpan LongestLife = TimeSpan.FromMilliseconds(400); // of most daemons, after they answer
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30); // for an answer, on a busy machine

    private readonly Answers _answers = new();

    /// <param name="round">One of four, which make two hundred kills.</param>
    [NodeTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task They_lose_no_pod_no_exit_code_and_no_line_and_leave_nothing(int round)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("ORLOP_SEED"), CultureInfo.InvariantCulture, out int given) ? given : Random.Shared.Next();
        seed += round;
        try
        {
            await RunAsync(seed);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"failed; again with ORLOP_SEED={seed - round}: {e.Message}\n{Node.Log.About(e.Message)}", e);
        }
    }

    private async Task RunAsync(int seed)
    {
        await Node.PullAsync(Node.Image(TestImages.Busybox).Reference);
        using var stop = new CancellationTokenSource();
        var lives = Enumerable.Range(0, Workers).Select(worker => Task.Run(() => ChurnAsync(new Random(seed + 1 + worker), stop.Token))).ToList();
        await KillAsync(new Random(seed), lives);
        await Node.StartDaemonAsync();
        await stop.CancelAsync();
        int[] pods = await Task.WhenAll(lives);

        pods.Sum().Should().BeGreaterThan(Workers, "otherwise nothing was under stress");
        (await Node.Cri.Runtime.ListPodSandboxAsync(new())).Items.Should().BeEmpty();
        (await Node.Cri.Runtime.ListContainersAsync(new())).Containers.Should().BeEmpty();
        await Node.VerifyEmptyAsync();
    }

    private async Task KillAsync(Random random, IReadOnlyList<Task> lives)
    {
        for (int kill = 0; kill < Count && !lives.Any(life => life.IsFaulted); kill++)
        {
            await Node.Daemon.KillAsync();
            Node.Daemon.Dispose();
            Node.LaunchDaemon();
            // Some die before they answer. Some live until a pod has moved on: on a busy machine nothing would ever be done otherwise.
            if (random.Next(2) == 0) await Node.WaitForDaemonAsync();
            if (random.Next(3) == 0) await _answers.WaitAsync(random.Next(1, 5), LongestWait);
            await Task.Delay(random.Next((int)LongestLife.TotalMilliseconds));
        }

        await Node.Daemon.KillAsync();
        Node.Daemon.Dispose();
    }

    /// <returns>How many pods have lived.</returns>
    private async Task<int> ChurnAsync(Random random, CancellationToken stop)
    {
        int pods = 0;
        for (; !stop.IsCancellationRequested; pods++)
        {
            var pod = new ChurnedPod(Node, new PatientClient(Node, _answers), random);
            await pod.LiveAsync();
            await Eventually.PassesAsync(() => CgroupTree.Children(pod.CgroupParent).Should().BeEmpty());
        }

        return pods;
    }
}
