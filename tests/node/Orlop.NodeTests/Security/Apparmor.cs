using Orlop.Testing.Machines;
using Profile = Orlop.Cri.V1.SecurityProfile;

namespace Orlop.NodeTests.Security;

public sealed class Apparmor(Node node) : NodeTest(node)
{
    private const string Name = "orlop-test";
    private const string Label = "cat /proc/self/attr/current";

    [ApparmorFact(enabled: false)]
    public async Task A_profile_is_refused_where_the_kernel_cannot_apply_it()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", Confine);

        var status = (await create.Should().ThrowAsync<RpcException>()).Which.Status;
        status.StatusCode.Should().Be(StatusCode.FailedPrecondition);
        status.Detail.Should().Contain(Name).And.Contain("without AppArmor");
    }

    [ApparmorFact(enabled: true)]
    public async Task A_profile_confines_the_container_and_its_commands()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Name}.profile");
        await File.WriteAllTextAsync(file, $"profile {Name} flags=(attach_disconnected,mediate_deleted) {{ file, capability, network, signal, mount, umount, ptrace, unix, }}\n");
        string parser = Machine.Find(ApparmorFactAttribute.Parser)!;
        await Node.Namespaces.RunAsync($"{parser} --replace --skip-cache {file}");
        try
        {
            await using var pod = await Node.RunPodAsync();
            var container = await pod.StartAsync($"{Label}; sleep 1000", Confine);

            await container.WaitForLogAsync($"{Name} (enforce)");
            (await container.ReadAsync(Label)).Should().Be($"{Name} (enforce)");
        }
        finally
        {
            await Node.Namespaces.RunAsync($"{parser} --remove {file}");
            File.Delete(file);
        }
    }

    private static void Confine(ContainerConfig config) =>
        config.Linux.SecurityContext.Apparmor = new Profile { ProfileType = Profile.Types.ProfileType.Localhost, LocalhostRef = Name };
}
