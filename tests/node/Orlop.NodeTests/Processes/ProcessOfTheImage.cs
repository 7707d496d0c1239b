using Google.Protobuf;
using Orlop.Testing.Images;

namespace Orlop.NodeTests.Processes;

/// <summary>How image and request together make the process: arguments, environment, folder.</summary>
public sealed class ProcessOfTheImage(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task Without_a_request_the_image_decides_all()
    {
        (await RunAsync(_ => { })).Lines.Should().Equal("entrypoint cmd-one cmd-two", "/made/by/image", "image image");
    }

    [NodeFact]
    public async Task Args_replace_the_command_of_the_image_only()
    {
        (await RunAsync(config => config.Args.Add(["arg-one", "arg-two", "arg-three"]))).Lines[0].Should().Be("entrypoint arg-one arg-two arg-three");
    }

    [NodeFact]
    public async Task A_command_replaces_entrypoint_and_command_of_the_image()
    {
        (await RunAsync(config => config.Command.Add(["/bin/sh", "-c", "echo $# $0 $@"]))).Lines.Should().Equal("0 /bin/sh");
        (await RunAsync(config =>
        {
            config.Command.Add(["/bin/echo", "command"]);
            config.Args.Add("argument");
        })).Lines.Should().Equal("command argument");
    }

    [NodeFact]
    public async Task Environment_of_the_request_wins()
    {
        var finished = await RunAsync(config => config.Envs.Add([Variable("SHARED", "request"), Variable("EMPTY", ""), Variable("LATE", "a=b c")]));
        finished.Lines[2].Should().Be("image request");

        var all = await RunAsync(config =>
        {
            config.Command.Add("/bin/env");
            config.Envs.Add([Variable("EMPTY", ""), Variable("LATE", "a=b c")]);
        });
        all.Lines.Should().Contain(["EMPTY=", "LATE=a=b c", "FROM_IMAGE=image", "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/root"]);
        all.Lines.Should().ContainSingle(line => line.StartsWith("HOSTNAME=pod-"));
    }

    [NodeFact]
    public async Task A_working_folder_of_the_request_wins_and_is_made()
    {
        (await RunAsync(config => config.WorkingDir = "/made/by/request")).Lines[1].Should().Be("/made/by/request");
    }

    [NodeFact]
    public async Task An_environment_variable_that_is_not_text_is_refused_by_name()
    {
        var run = () => RunAsync(config => config.Envs.Add(new KeyValue { Key = "BYTES", Value = ByteString.CopyFrom(0xff, 0xfe, 0x41) }));

        (await run.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("BYTES");
    }

    [NodeFact]
    public async Task A_program_is_found_by_the_PATH_of_the_container()
    {
        (await RunAsync(config =>
        {
            config.Command.Add("tool");
            config.Envs.Add(Variable("PATH", "/shared:/bin"));
            config.Mounts.Add(new Mount { HostPath = Tool(), ContainerPath = "/shared" });
        })).Lines.Should().Equal("the tool");
    }

    [NodeFact]
    public async Task Layers_whiteouts_owners_and_links_are_as_the_image_says()
    {
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync(
            "cd /data; ls; cat kept/old replaced; echo; ls opaque; stat -c '%u:%g' owned; readlink /to-etc; stat -c %a /setuid/euid; stat -c %a /tmp",
            config => config.Image.Image = Node.Image(TestImages.Layered).Reference);

        finished.Lines.Should().Equal("kept", "opaque", "owned", "replaced", "oldsecond", "new", "1000:50000", "/etc", "4755", "1777");
    }

    [NodeFact]
    public async Task Each_container_writes_to_its_own_copy_of_the_image()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.RunAsync("echo mine > /etc/passwd; rm /bin/true");

        (await pod.RunAsync("head -n 1 /etc/passwd; ls /bin/true")).Lines.Should().Equal("root:x:0:0:root:/root:/bin/sh", "/bin/true");
    }

    private async Task<Finished> RunAsync(Action<ContainerConfig> configure)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync("", config =>
        {
            config.Command.Clear();
            config.Image.Image = Node.Image(TestImages.Configured).Reference;
            configure(config);
        });
    }

    private string Tool()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Node.Folder.Shared, "tools")).FullName;
        var tool = Path.Combine(folder, "tool");
        File.WriteAllText(tool, "#!/bin/sh\necho the tool\n");
        File.SetUnixFileMode(tool, (UnixFileMode)0b111_101_101);
        return folder;
    }

    private static KeyValue Variable(string key, string value) => new() { Key = key, Value = ByteString.CopyFromUtf8(value) };
}
