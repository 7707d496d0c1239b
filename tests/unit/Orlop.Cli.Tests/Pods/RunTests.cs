using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Orlop.Cli.Tests.Fakes;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Pods;

public sealed class RunTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task A_manifest_becomes_what_the_kubelet_would_ask_for()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Status.RuntimeHandlers.Add(new RuntimeHandler { Name = "crun", Features = new RuntimeHandlerFeatures { RecursiveReadOnlyMounts = true } });
        runtime.Node.Images.Add(Busybox);
        runtime.Node.Scripts["first"] = new FakeScript([]);
        string manifest = Path.Combine(AppContext.BaseDirectory, "Manifests/Files/rich.yaml");

        var result = await runtime.RunAsync("run", "--detach", manifest);

        result.Code.Should().Be(0, result.Error);
        result.Output.Should().Be(FakeNode.IdOf("pod rich") + "\n");
        runtime.Node.Asked<PullImageRequest>().Should().BeEmpty("the image is here and its tag is not latest");
        var requests = runtime.Node.Requests.Where(request => request is RunPodSandboxRequest or CreateContainerRequest).Select(Shown);
        new JsonArray([.. requests]).ToJsonString(Indented).Replace(runtime.Folder, "FOLDER", StringComparison.Ordinal).ShouldMatchGolden("run-rich.json");
        File.ReadAllText(Path.Combine(runtime.Paths.PodFolder("11111111-2222-3333-4444-555555555555"), "etc-hosts")).ShouldMatchGolden("run-rich-hosts.txt");
    }

    [Fact]
    public async Task The_foreground_shows_the_logs_answers_the_last_failure_and_leaves_nothing()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Remote.Add(Busybox);
        runtime.Node.Scripts["good"] = new FakeScript(["stdout F fine"]);
        runtime.Node.Scripts["bad"] = new FakeScript(["stdout P half a ", "stderr F trouble", "stdout F line"], 3, "Error", TerminationMessage: "out of tea\n");

        var result = await runtime.RunAsync("run", runtime.Write("pod.yaml", Pod("good", "bad")));

        result.Code.Should().Be(3);
        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().BeEquivalentTo("good | fine", "bad  | half a line");
        result.Error.Should().Contain("orlop: pulling busybox:1\n").And.Contain("bad  | trouble\n")
            .And.Contain("orlop: container bad: exited with 3 (Error): out of tea\n");
        runtime.Node.Pods.Should().BeEmpty();
        Directory.GetFileSystemEntries(runtime.Paths.Pods).Should().BeEmpty();
        Directory.GetFileSystemEntries(runtime.Paths.Logs).Should().BeEmpty();
    }

    [Fact]
    public async Task A_single_containers_logs_have_no_prefix()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Images.Add(Busybox);
        runtime.Node.Scripts["only"] = new FakeScript(["stdout F hello"]);

        (await runtime.RunAsync("run", runtime.Write("pod.yaml", Pod("only")))).Should().Be(new CliResult(0, "hello\n", ""));
    }

    [Fact]
    public async Task A_failing_init_container_keeps_the_others_from_starting()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Images.Add(Busybox);
        runtime.Node.Scripts["init"] = new FakeScript(["stderr F cannot"], 4, "Error");
        string manifest = Pod("main") + "  initContainers:\n    - {name: init, image: \"busybox:1\"}\n";

        var result = await runtime.RunAsync("run", runtime.Write("pod.yaml", manifest));

        result.Code.Should().Be(4);
        result.Error.Should().Contain("init | cannot\n").And.Contain("orlop: run init container init: exited with 4 (Error); the containers were not started\n");
        runtime.Node.Asked<CreateContainerRequest>().Should().ContainSingle();
        runtime.Node.Pods.Should().BeEmpty();
    }

    [Fact]
    public async Task A_sidecar_runs_beside_the_containers_and_ends_with_them()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Images.Add(Busybox);
        runtime.Node.Scripts["main"] = new FakeScript(["stdout F done"]);
        string manifest = Pod("main") + "  initContainers:\n    - {name: side, image: \"busybox:1\", restartPolicy: Always}\n";

        var result = await runtime.RunAsync("run", runtime.Write("pod.yaml", manifest));

        result.Code.Should().Be(0, result.Error);
        result.Output.Should().Be("main | done\n");
        runtime.Node.Asked<StopContainerRequest>().Should().ContainSingle().Which.ContainerId.Should().Be(FakeNode.IdOf("container side 0"));
    }

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public async Task A_signal_stops_and_removes_the_pod(int signal, int code)
    {
        await using var runtime = await StartAsync();
        runtime.Node.Images.Add(Busybox);
        var running = runtime.RunAsync("run", runtime.Write("pod.yaml", Pod("web")));
        await StartedAsync(runtime);

        runtime.Signals.Raise(signal);
        var result = await running.WaitAsync(TimeSpan.FromSeconds(20));

        result.Code.Should().Be(code);
        result.Error.Should().Be("orlop: stopping pod test within 60 s; another signal kills it\n");
        runtime.Node.Asked<StopContainerRequest>().First().Timeout.Should().Be(60);
        runtime.Node.Pods.Should().BeEmpty();
    }

    [Fact]
    public async Task A_second_signal_kills_what_ignores_the_first()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Images.Add(Busybox);
        runtime.Node.Scripts["web"] = new FakeScript([], ExitCode: null, IgnoresTerm: true);
        var running = runtime.RunAsync("run", runtime.Write("pod.yaml", Pod("web")));
        await StartedAsync(runtime);

        runtime.Signals.Raise(2);
        await UntilAsync(runtime, () => runtime.Node.Asked<StopContainerRequest>().Any());
        runtime.Signals.Raise(2);
        var result = await running.WaitAsync(TimeSpan.FromSeconds(20));

        result.Code.Should().Be(130);
        runtime.Node.Asked<StopContainerRequest>().Select(request => request.Timeout).Should().StartWith([60L, 0L]);
        runtime.Node.Pods.Should().BeEmpty();
    }

    [Fact]
    public async Task A_detached_pod_stays_and_rm_removes_its_volumes_and_logs_with_it()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Images.Add(Busybox);
        string manifest = Pod("web") + "  volumes:\n    - {name: data, emptyDir: {}}\n";

        var run = await runtime.RunAsync("run", "-d", "--output", "json", runtime.Write("pod.yaml", manifest));
        var again = await runtime.RunAsync("run", "-d", Path.Combine(runtime.Folder, "pod.yaml"));
        string uid = JsonNode.Parse(run.Output)!["uid"]!.GetValue<string>();
        bool hadVolume = Directory.Exists(Path.Combine(runtime.Paths.PodFolder(uid), "volumes/data"));
        var removed = await runtime.RunAsync("rm", "--force", "test");

        run.Output.Replace(uid, "UID", StringComparison.Ordinal).ShouldMatchGolden("run-detached.json");
        again.Code.Should().Be(1);
        again.Error.Should().StartWith("orlop: run pod default/test: a pod of this name runs already (");
        hadVolume.Should().BeTrue();
        removed.Code.Should().Be(0, removed.Error);
        Directory.GetFileSystemEntries(runtime.Paths.Pods).Should().BeEmpty();
        Directory.GetFileSystemEntries(runtime.Paths.Logs).Should().BeEmpty();
    }

    [Fact]
    public async Task A_container_that_must_not_be_root_is_refused_for_an_image_that_runs_as_root()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Images.Add(Busybox);

        var result = await runtime.RunAsync("run", runtime.Write("pod.yaml", Pod("web") + "  securityContext: {runAsNonRoot: true}\n"));

        result.Code.Should().Be(1);
        result.Error.Should().Contain("create container web: runAsNonRoot is true, and its image runs as root; state a runAsUser");
        runtime.Node.Pods.Should().BeEmpty();
    }

    [Fact]
    public async Task A_wrong_manifest_starts_nothing_and_answers_2()
    {
        await using var runtime = await StartAsync();
        string path = runtime.Write("pod.yaml", "kind: Pod\n");

        var result = await runtime.RunAsync("run", path);
        var missing = await runtime.RunAsync("run", path + ".old");
        var piped = await runtime.RunAsync("kind: Pod\n", ["run", "-"]);

        result.Code.Should().Be(2);
        result.Error.Should().StartWith($"orlop: read {path}: it has 3 errors; correct it:\n  {path}:1: apiVersion: this field is required\n");
        missing.Should().Be(new CliResult(2, "", $"orlop: read {path}.old: there is no such file\n"));
        piped.Error.Should().StartWith("orlop: read standard input: ");
        runtime.Node.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Keep_leaves_the_stopped_pod()
    {
        await using var runtime = await StartAsync();
        runtime.Node.Images.Add(Busybox);
        runtime.Node.Scripts["only"] = new FakeScript(["stdout F hello"]);

        (await runtime.RunAsync("run", "--keep", runtime.Write("pod.yaml", Pod("only")))).Code.Should().Be(0);

        runtime.Node.Pods.Should().ContainSingle().Which.State.Should().Be(PodSandboxState.SandboxNotready);
        (await runtime.RunAsync("logs", "only")).Output.Should().Be("hello\n");
    }

    private static Image Busybox => new() { Id = "sha256:" + FakeNode.IdOf("busybox"), Uid = new Int64Value(), RepoTags = { "busybox:1" } };

    private static string Pod(params string[] containers) =>
        "apiVersion: v1\nkind: Pod\nmetadata: {name: test}\nspec:\n  terminationGracePeriodSeconds: 60\n  containers:\n"
        + string.Concat(containers.Select(name => $"    - {{name: {name}, image: \"busybox:1\"}}\n"));

    private static async Task<FakeRuntime> StartAsync()
    {
        var runtime = await FakeRuntime.StartAsync();
        runtime.Node.Status.RuntimeHandlers.Add(new RuntimeHandler { Name = "" });
        return runtime;
    }

    // The start has been asked for, and its answer is there too: the command looks after what it has started.
    private static Task StartedAsync(FakeRuntime runtime) => UntilAsync(runtime, () => runtime.Node.Watched.Count > 0);

    private static async Task UntilAsync(FakeRuntime runtime, Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            lock (runtime.Node.Gate)
            {
                if (condition())
                    return;
            }

            await Task.Delay(10, limit.Token);
        }
    }

    private static JsonNode? Shown(IMessage request)
    {
        // A container's request repeats the sandbox's configuration.
        if (request is CreateContainerRequest create)
        {
            request = create.Clone();
            ((CreateContainerRequest)request).SandboxConfig = null;
        }

        return JsonNode.Parse(JsonFormatter.Default.Format(request));
    }
}
