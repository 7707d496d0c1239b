using Orlop.Testing.Images;

namespace Orlop.NodeTests.Mounts;

public sealed class ContainerMounts(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task A_folder_of_the_node_is_shared_both_ways()
    {
        var folder = NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "from-node"), "node");

        var finished = await RunAsync("cat /mnt/from-node; echo container > /mnt/from-container", new Mount { HostPath = folder, ContainerPath = "/mnt" });

        finished.Output.Should().Be("node");
        (await File.ReadAllTextAsync(Path.Combine(folder, "from-container"))).Should().Be("container\n");
    }

    [NodeFact]
    public async Task A_single_file_is_mounted_where_the_image_has_none()
    {
        var file = Path.Combine(NewFolder(), "file");
        await File.WriteAllTextAsync(file, "content");

        (await RunAsync("cat /new/folder/file", new Mount { HostPath = file, ContainerPath = "/new/folder/file" })).Output.Should().Be("content");
    }

    [NodeFact]
    public async Task A_readonly_mount_takes_no_writes()
    {
        (await RunAsync("touch /mnt/file || echo refused", new Mount { HostPath = NewFolder(), ContainerPath = "/mnt", Readonly = true })).Output.Should().Be("refused\n");
    }

    [NodeTheory]
    [InlineData(false, "written")]
    [InlineData(true, "refused")]
    public async Task Only_a_recursive_readonly_mount_closes_the_mounts_below(bool recursive, string expected)
    {
        var folder = NewFolder();
        await Node.Namespaces.RunAsync($"mkdir {folder}/below && mount -t tmpfs tmpfs {folder}/below");
        try
        {
            var finished = await RunAsync(
                "touch /mnt/file || echo refused; touch /mnt/below/file && echo written || echo refused",
                new Mount { HostPath = folder, ContainerPath = "/mnt", Readonly = true, RecursiveReadOnly = recursive });

            finished.Lines.Should().Equal("refused", expected);
        }
        finally
        {
            await Node.Namespaces.RunAsync($"umount {folder}/below");
        }
    }

    [NodeTheory]
    [InlineData(MountPropagation.PropagationPrivate, false, false)]
    [InlineData(MountPropagation.PropagationHostToContainer, true, false)]
    [InlineData(MountPropagation.PropagationBidirectional, true, true)]
    public async Task Propagation_lets_later_mounts_through(MountPropagation propagation, bool toContainer, bool toNode)
    {
        var folder = NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "by-node"));
        Directory.CreateDirectory(Path.Combine(folder, "by-container"));
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.Privileged = true);
        var container = await pod.StartAsync("sleep 1000", config =>
        {
            config.Linux.SecurityContext.Privileged = true;
            config.Mounts.Add(new Mount { HostPath = folder, ContainerPath = "/mnt", Propagation = propagation });
        });
        try
        {
            await Node.Namespaces.RunAsync($"mount -t tmpfs by-node {folder}/by-node");
            await container.ReadAsync("mount -t tmpfs by-container /mnt/by-container");

            (await container.ReadAsync("grep -c '^by-node ' /proc/mounts || true")).Should().Be(toContainer ? "1" : "0");
            (await Node.Namespaces.RunAsync("grep -c '^by-container ' /proc/mounts || true")).Trim().Should().Be(toNode ? "1" : "0");
        }
        finally
        {
            await Node.Namespaces.RunAsync($"umount {folder}/by-node; umount {folder}/by-container 2>/dev/null || true");
        }
    }

    [NodeFact]
    public async Task A_volume_in_memory_stays_a_tmpfs_of_its_size()
    {
        var folder = NewFolder();
        await Node.Namespaces.RunAsync($"mount -t tmpfs -o size=1m tmpfs {folder}");
        try
        {
            var finished = await RunAsync("grep ' /mnt ' /proc/mounts | cut -d' ' -f3; head -c 2000000 /dev/zero > /mnt/file || echo full", new Mount { HostPath = folder, ContainerPath = "/mnt" });

            finished.Lines.Should().Equal("tmpfs", "full");
        }
        finally
        {
            await Node.Namespaces.RunAsync($"umount {folder}");
        }
    }

    [NodeFact]
    public async Task A_path_that_the_node_does_not_have_is_an_error_that_names_it()
    {
        var missing = Path.Combine(Node.Folder.Shared, "not-there");
        await using var pod = await Node.RunPodAsync();

        var start = async () => await pod.StartAsync("true", config => config.Mounts.Add(new Mount { HostPath = missing, ContainerPath = "/mnt" }));

        (await start.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain(missing);
        Directory.Exists(missing).Should().BeFalse();
    }

    [NodeFact]
    public async Task A_destination_behind_a_link_of_the_image_stays_inside_it()
    {
        var folder = NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "mounted");
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync("cat /etc/volume/file; echo; cat /escaped/volume/file", config =>
        {
            config.Image.Image = Node.Image(TestImages.Layered).Reference;
            config.Mounts.Add(new Mount { HostPath = folder, ContainerPath = "/to-etc/volume" });
            config.Mounts.Add(new Mount { HostPath = folder, ContainerPath = "/escape/volume" });
        });

        finished.Lines.Should().Equal("mounted", "mounted");
        (await Node.Namespaces.RunAsync("ls -d /etc/volume /escaped 2>/dev/null || true")).Should().BeEmpty();
    }

    [NodeFact]
    public async Task A_source_that_is_a_link_on_the_node_is_followed()
    {
        var folder = NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "linked");
        var link = Path.Combine(NewFolder(), "link");
        File.CreateSymbolicLink(link, folder);

        (await RunAsync("cat /mnt/file", new Mount { HostPath = link, ContainerPath = "/mnt" })).Output.Should().Be("linked");
    }

    [NodeFact]
    public async Task Mounts_below_mounts_are_both_seen_in_any_order()
    {
        var outer = NewFolder();
        var inner = NewFolder();
        Directory.CreateDirectory(Path.Combine(outer, "inner"));
        await File.WriteAllTextAsync(Path.Combine(inner, "file"), "inner");

        var finished = await RunAsync(
            "cat /mnt/inner/file",
            new Mount { HostPath = inner, ContainerPath = "/mnt/inner" },
            new Mount { HostPath = outer, ContainerPath = "/mnt" });

        finished.Output.Should().Be("inner");
    }

    [NodeFact]
    public async Task A_container_has_many_mounts_and_too_many_are_refused_by_the_create()
    {
        var folder = NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "");

        (await RunAsync("ls /*/file | wc -l", Mounts(150))).Output.Should().Be("150\n");
        await using var pod = await Node.RunPodAsync();
        var create = async () => await pod.CreateAsync("true", config => config.Mounts.Add(Mounts(250)));
        (await create.ShouldFailWithAsync(StatusCode.InvalidArgument)).Status.Detail.Should().Contain("mounts");

        Mount[] Mounts(int count) => [.. Enumerable.Range(0, count).Select(number => new Mount { HostPath = folder, ContainerPath = $"/{number}" })];
    }

    [NodeFact]
    public async Task A_mount_may_replace_what_Orlop_provides()
    {
        var file = Path.Combine(NewFolder(), "hosts");
        await File.WriteAllTextAsync(file, "# managed by the kubelet\n");

        (await RunAsync("cat /etc/hosts", new Mount { HostPath = file, ContainerPath = "/etc/hosts" })).Output.Should().Be("# managed by the kubelet\n");
    }

    [NodeFact]
    public async Task The_usual_devices_and_file_systems_are_there()
    {
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync("ls /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/ptmx /dev/fd /dev/stdout -d | wc -l; echo > /dev/full || echo full; grep -c -E ' (/proc|/sys|/dev|/dev/pts|/dev/shm|/dev/mqueue) ' /proc/mounts; ls /dev/kmsg /dev/mem 2>/dev/null | wc -l");

        finished.Lines.Should().Equal("9", "full", "6", "0");
    }

    private async Task<Finished> RunAsync(string script, params Mount[] mounts)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync(script, config => config.Mounts.Add(mounts));
    }

    private string NewFolder() => Directory.CreateDirectory(Path.Combine(Node.Folder.Shared, Guid.NewGuid().ToString("N"))).FullName;
}
