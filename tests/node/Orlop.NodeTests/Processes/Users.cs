using Orlop.Testing.Images;

namespace Orlop.NodeTests.Processes;

public sealed class Users(Node node) : NodeTest(node)
{
    private const string Ids = "id -u; id -g; id -G | tr ' ' '\\n' | sort -n | xargs echo";

    public static TheoryData<string, string[]> ImageUsers => new()
    {
        { TestImages.Busybox.Name, ["0", "0", "0"] },
        { TestImages.UserId.Name, ["1002", "0", "0"] },
        { TestImages.UserName.Name, ["33", "33", "33"] },
        { TestImages.UserIdAndGroup.Name, ["1003", "1004", "1004"] },
        { TestImages.UserNameAndGroup.Name, ["33", "1004", "1004"] },
        { TestImages.PredefinedGroup.Name, ["1000", "1000", "1000 50000"] },
    };

    [NodeTheory]
    [MemberData(nameof(ImageUsers))]
    public async Task The_image_names_the_user(string image, string[] ids)
    {
        (await RunAsync(config => config.Image.Image = "localhost:5000/" + image)).Lines.Should().Equal(ids);
    }

    [NodeFact]
    public async Task The_request_names_the_user_by_number()
    {
        var finished = await RunAsync(config => config.Linux.SecurityContext.RunAsUser = Value(1000));

        finished.Lines.Should().Equal("1000", "1000", "1000 50000");
        finished.Status.User.Linux.Uid.Should().Be(1000);
        finished.Status.User.Linux.Gid.Should().Be(1000);
        finished.Status.User.Linux.SupplementalGroups.Should().BeEquivalentTo([1000L, 50000L]);
    }

    [NodeFact]
    public async Task The_request_names_the_user_by_name()
    {
        (await RunAsync(config => config.Linux.SecurityContext.RunAsUsername = "www-data")).Lines.Should().Equal("33", "33", "33");
    }

    [NodeFact]
    public async Task A_user_that_the_image_does_not_know_has_its_number_and_group_0()
    {
        (await RunAsync(config => config.Linux.SecurityContext.RunAsUser = Value(4242))).Lines.Should().Equal("4242", "0", "0");
    }

    [NodeFact]
    public async Task A_user_name_that_the_image_does_not_know_is_refused()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.StartAsync("true", config => config.Linux.SecurityContext.RunAsUsername = "nobody-knows");

        (await create.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("nobody-knows");
    }

    [NodeFact]
    public async Task Group_and_further_groups_are_added_to_those_of_the_image()
    {
        var finished = await RunAsync(config =>
        {
            config.Linux.SecurityContext.RunAsUser = Value(1000);
            config.Linux.SecurityContext.RunAsGroup = Value(2000);
            config.Linux.SecurityContext.SupplementalGroups.Add([3000, 4000]);
        });

        finished.Lines.Should().Equal("1000", "2000", "2000 3000 4000 50000");
    }

    [NodeFact]
    public async Task The_strict_policy_leaves_the_groups_of_the_image_out()
    {
        var finished = await RunAsync(config =>
        {
            config.Linux.SecurityContext.RunAsUser = Value(1000);
            config.Linux.SecurityContext.RunAsGroup = Value(2000);
            config.Linux.SecurityContext.SupplementalGroups.Add(3000);
            config.Linux.SecurityContext.SupplementalGroupsPolicy = SupplementalGroupsPolicy.Strict;
        });

        finished.Lines.Should().Equal("1000", "2000", "2000 3000");
        finished.Status.User.Linux.SupplementalGroups.Should().BeEquivalentTo([2000L, 3000L]);
    }

    [NodeFact]
    public async Task A_group_without_a_user_is_refused()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", config => config.Linux.SecurityContext.RunAsGroup = Value(2000));

        (await create.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.InvalidArgument);
    }

    [NodeFact]
    public async Task HOME_is_that_of_the_user()
    {
        (await RunAsync(config => config.Linux.SecurityContext.RunAsUser = Value(1000), "echo $HOME")).Output.Should().Be("/home/default-user\n");
    }

    private async Task<Finished> RunAsync(Action<ContainerConfig> configure, string script = Ids)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync(script, configure);
    }

    private static Int64Value Value(long value) => new() { Value = value };
}
