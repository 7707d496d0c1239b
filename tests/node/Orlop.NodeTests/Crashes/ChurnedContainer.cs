using System.Globalization;
using Orlop.Testing.Images;

namespace Orlop.NodeTests.Crashes;

/// <summary>One container's life between kills of the daemon.</summary>
internal sealed class ChurnedContainer
{
    private const int NeverEnds = 1_000_000;
    private const long Grace = 60; // seconds: enough for a shell on a busy machine to take a signal

    private readonly PatientClient _client;
    private readonly PodSandboxConfig _pod;
    private readonly Witness _witness;
    private readonly ContainerConfig _config;
    private readonly int _code;
    private string _id = "";
    private int _rotations;
    private bool _killed;

    public ChurnedContainer(Node node, PatientClient client, PodSandboxConfig pod, string name, bool endsByItself, int code, int lines)
    {
        _client = client;
        _pod = pod;
        _code = code;
        Name = name;
        EndsByItself = endsByItself;
        _witness = new Witness(node.Folder.Shared, endsByItself ? lines : NeverEnds, code);
        _config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = name },
            Image = new ImageSpec { Image = node.Image(TestImages.Busybox).Reference },
            Command = { "/bin/sh", "-c", _witness.Script },
            LogPath = $"{name}.log",
            Mounts = { _witness.Mount },
            Linux = new LinuxContainerConfig
            {
                Resources = new LinuxContainerResources(),
                SecurityContext = new LinuxContainerSecurityContext { NamespaceOptions = new NamespaceOption(pod.Linux.SecurityContext.NamespaceOptions) },
            },
        };
    }

    public string Name { get; }

    public bool EndsByItself { get; }

    /// <summary>Whether it was stopped, by its signal.</summary>
    public bool IsStopped { get; private set; }

    public bool IsRemoved { get; private set; }

    private string LogPath => Path.Combine(_pod.LogDirectory, _config.LogPath);

    public async Task StartAsync(string sandbox)
    {
        _id = (await _client.AskAsync(c => c.CreateContainerAsync(new() { PodSandboxId = sandbox, Config = _config, SandboxConfig = _pod }))).ContainerId;
        try
        {
            await _client.AskAsync(c => c.StartContainerAsync(new() { ContainerId = _id }));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.FailedPrecondition)
        {
            (await StatusAsync()).State.Should().NotBe(ContainerState.ContainerCreated, "the start that got no answer was done");
        }
    }

    /// <summary>A command whose caller may lose its answer, but never gets a wrong one.</summary>
    public async Task ExecAsync()
    {
        try
        {
            var result = await _client.Runtime.ExecSyncAsync(new() { ContainerId = _id, Cmd = { "/bin/sh", "-c", "sleep 0.05; echo inside; exit 3" }, Timeout = 60 });
            (result.ExitCode, result.Stdout.ToStringUtf8()).Should().Be((3, "inside\n"));
        }
        catch (RpcException e) when (PatientClient.IsInterruption(e))
        {
            // Nobody else could have its output; see that it is not left behind at the end.
        }
    }

    public async Task RotateLogAsync()
    {
        File.Move(LogPath, $"{LogPath}.{++_rotations}");
        await _client.AskAsync(c => c.ReopenContainerLogAsync(new() { ContainerId = _id }));
        File.Exists(LogPath).Should().BeTrue();
    }

    public async Task StopAsync()
    {
        await WaitForTrapAsync();
        await _client.AskAsync(c => c.StopContainerAsync(new() { ContainerId = _id, Timeout = Grace }));
        IsStopped = true;
        var status = await StatusAsync();
        Expect(status, Witness.TermCode);
    }

    public async Task RemoveAsync()
    {
        await _client.AskAsync(c => c.RemoveContainerAsync(new() { ContainerId = _id }));
        _killed = !IsStopped;
        IsRemoved = true;
        (await _client.AskAsync(c => c.ListContainersAsync(new() { Filter = new() { Id = _id } }))).Containers.Should().BeEmpty();
    }

    /// <summary>It ends by itself, with what it has written down.</summary>
    public async Task ExpectOwnEndAsync()
    {
        var status = await Eventually.GetsAsync(StatusAsync, s => s.State == ContainerState.ContainerExited, $"the end of {Name}", TimeSpan.FromMinutes(1));
        Expect(status, _code);
        _witness.Exits.Should().Equal(_code.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Its pod is stopped: it was killed unless it had ended before.</summary>
    public async Task ExpectKilledOrEndedAsync()
    {
        _killed = !IsStopped && !EndsByItself;
        Expect(await StatusAsync(), IsStopped ? Witness.TermCode : EndsByItself ? _code : 137);
    }

    /// <summary>Every line that it wrote is in its log once, in order, over all rotations.</summary>
    public void ExpectWholeLog()
    {
        _witness.Starts.Should().ContainSingle("a container is started once");
        var files = Enumerable.Range(1, _rotations).Select(n => $"{LogPath}.{n}").Append(LogPath);
        var lines = files.Where(File.Exists).SelectMany(LogLine.ParseFile).Select(line => line.Text).ToList();
        lines.Should().Equal(Enumerable.Range(1, lines.Count).Select(number => $"line {number}"), "no line is lost or doubled");
        int known = _witness.Lines.Count;
        lines.Count.Should().BeInRange(known, EndsByItself ? known : known + 1, $"{Name} wrote down {known} lines (killed: {_killed})");
    }

    // A signal that comes before the shell has set its trap is none to it: it is pid 1.
    private Task WaitForTrapAsync() => Eventually.PassesAsync(() => _witness.Lines.Should().NotBeEmpty(), TimeSpan.FromMinutes(1));



    private static void Expect(ContainerStatus status, int code)
    {
        (status.State, status.ExitCode, status.Reason).Should().Be((ContainerState.ContainerExited, code, code == 0 ? "Completed" : "Error"), status.Message);
        status.FinishedAt.Should().BeGreaterThanOrEqualTo(status.StartedAt);
    }

    private async Task<ContainerStatus> StatusAsync() => (await _client.AskAsync(c => c.ContainerStatusAsync(new() { ContainerId = _id }))).Status;
}
