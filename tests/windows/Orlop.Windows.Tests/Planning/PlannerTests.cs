using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Windows.Documents;
using Orlop.Windows.Planning;
using Orlop.Windows.Simulator;
using Orlop.Windows.Tests.Support;

namespace Orlop.Windows.Tests.Planning;

public sealed class PlannerTests
{
    [Theory]
    [InlineData(1048576, 1)]
    [InlineData(1048577, 2)]
    [InlineData(536870912, 512)]
    public void Memory_is_rounded_up_to_whole_mebibytes(ulong bytes, long size) => ResourcePlanner.Memory(new WindowsMemory { Limit = bytes })!.SizeInMB.Should().Be(size);

    [Fact]
    public void Memory_below_a_mebibyte_is_refused()
    {
        var plan = () => ResourcePlanner.Memory(new WindowsMemory { Limit = 1048575 });

        plan.Should().Throw<RuntimeException>().WithMessage("*1048575*");
    }

    [Fact]
    public void A_processor_count_is_at_most_the_nodes() => ResourcePlanner.Processor(new WindowsCpu { Count = 64 }, 4).Count.Should().Be(4);

    [Fact]
    public void A_processor_maximum_beyond_the_whole_node_is_refused()
    {
        var plan = () => ResourcePlanner.Processor(new WindowsCpu { Maximum = 10001 }, 4);

        plan.Should().Throw<RuntimeException>().Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }

    [Theory]
    [InlineData("/var/run/secrets", @"C:\var\run\secrets")]
    [InlineData(@"C:\data", @"C:\data")]
    [InlineData("D:", "D:")]
    [InlineData("d:/x", @"d:\x")]
    public void A_destination_is_a_windows_path(string destination, string path) => MountPlanner.Destination(destination).Should().Be(path);

    [Theory]
    [InlineData("C:")]
    [InlineData("c:/")]
    [InlineData("/")]
    [InlineData("data")]
    [InlineData("C:data")]
    [InlineData(@"\\server\share")]
    public void A_destination_that_cannot_be_mounted_is_refused(string destination)
    {
        var plan = () => MountPlanner.Destination(destination);

        plan.Should().Throw<RuntimeException>().Which.Message.Should().Contain(destination);
    }

    [Fact]
    public void A_pipe_is_mapped_by_its_name_and_never_resolved()
    {
        var mount = new Mount { Source = "//./pipe/host", Destination = "//./pipe/guest" };

        var (directories, pipes) = MountPlanner.Plan([mount], new SimulatedHost());

        directories.Should().BeEmpty();
        pipes.Should().Equal(new MappedPipe("guest", @"\\.\pipe\host"));
    }

    [Theory]
    [InlineData("SIGTERM", "CtrlShutdown")]
    [InlineData("15", "CtrlShutdown")]
    [InlineData("", "CtrlShutdown")]
    [InlineData("ctrlc", "CtrlC")]
    [InlineData("CTRLLOGOFF", "CtrlLogOff")]
    [InlineData("SIGKILL", "")]
    [InlineData("9", "")]
    public void A_signal_has_its_counterpart(string signal, string value) => ControlSignal.Map(signal).Should().Be(value);

    [Fact]
    public void A_signal_without_a_counterpart_is_refused_by_name()
    {
        var map = () => ControlSignal.Map("SIGUSR1");

        map.Should().Throw<RuntimeException>().WithMessage("*SIGUSR1*");
    }

    [Fact]
    public void A_process_becomes_its_document()
    {
        var process = new Process
        {
            Args = ["cmd", "/c", "echo a b"],
            Cwd = "/app",
            Env = ["PATH=a", "Path=b", "EMPTY=", "X=1=2"],
            Terminal = true,
            ConsoleSize = new ConsoleSize { Height = 25, Width = 80 },
        };

        string document = JsonSerializer.Serialize(ProcessPlanner.Plan(process, new UserRequest { Username = "ContainerUser", ImageUser = "other" }, stdin: true), HcsJson.Default.ProcessDocument);

        document.Should().Be("""{"CommandLine":"cmd /c \u0022echo a b\u0022","User":"ContainerUser","WorkingDirectory":"\\app","Environment":{"Path":"b","X":"1=2"},"EmulateConsole":true,"ConsoleSize":[25,80],"CreateStdInPipe":true,"CreateStdOutPipe":true}""");
        (SharedReference.Schema?.Errors(document, "ProcessParameters") ?? []).Should().BeEmpty();
    }

    [Fact]
    public void A_command_line_of_the_spec_is_taken_as_it_is() =>
        ProcessPlanner.Plan(new Process { CommandLine = "a \"b", Args = ["x"] }, new UserRequest(), stdin: false).CommandLine.Should().Be("a \"b");

    [Fact]
    public void Linux_user_ids_are_refused()
    {
        var plan = () => ProcessPlanner.Plan(new Process { Args = ["x"] }, new UserRequest { Uid = 1000 }, stdin: false);

        plan.Should().Throw<RuntimeException>().WithMessage("*runAsUserName*");
    }
}
