using Orlop.Linux.Cgroups;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>Writes the system calls that turn a fresh child of the supervisor into a command within a container.</summary>
internal static class ExecProgram
{
    /// <param name="program">Empty.</param>
    /// <param name="entrance">Of its cgroup.</param>
    /// <param name="namespaces">What of the container's first process to join; its pid namespace the child is born into.</param>
    /// <param name="workingDirectory">Where to go.</param>
    /// <param name="identity">Who to be.</param>
    /// <param name="command">What to execute.</param>
    public static void Build(
        SyscallProgramBuilder program, CgroupEntrance entrance, CloneFlags namespaces, string workingDirectory, IdentityPlan identity, CommandPlan command)
    {
        var steps = new IdentitySteps(program, identity);
        program.UseStandardStreams();
        program.Call("setsid", SyscallNumber.SetSid, []);
        ContainerProgram.EnterCgroup(program, entrance);
        steps.Prepare();
        program.Call($"setns {namespaces} of the container", SyscallNumber.SetNs, [Operand.Slot(Slots.Target), (int)namespaces]);
        program.CloseDescriptors();
        program.Call($"chdir \"{workingDirectory}\"", SyscallNumber.Chdir, [program.Text(workingDirectory)]);
        steps.Drop();
        command.AddTo(program);
    }
}
