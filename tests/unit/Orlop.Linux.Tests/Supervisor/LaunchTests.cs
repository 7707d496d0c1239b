using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Supervisor;

public sealed class LaunchTests
{
    [SupervisorFact]
    public void A_process_runs_and_its_exit_code_is_announced_and_recorded()
    {
        using var supervisor = new LiveSupervisor();
        supervisor.Do(MessageKind.Subscribe);

        LaunchedReply launched = supervisor.Launch(new TestLaunch("app") { Script = "exit 7", Flags = CloneFlags.NewPid });
        ExitNotice exit = supervisor.NextExit("app");

        exit.ProcessId.Should().Be(launched.ProcessId);
        new WaitStatus(exit.Status).ExitCode.Should().Be(7);
        ExitRecord.TryParse(File.ReadAllBytes(Path.Combine(supervisor.Folder, ExitRecord.Folder, "app")), out ExitRecord record).Should().BeTrue();
        record.Should().Be(new ExitRecord { Kind = ProcessKind.Container, ProcessId = exit.ProcessId, Status = exit.Status, StartedAt = exit.StartedAt, ExitedAt = exit.ExitedAt });
        supervisor.Describe("app").State.Should().Be(ProcessState.Exited);
    }
}
