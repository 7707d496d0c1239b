using CsCheck;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Protocol;

public sealed class MessageTests
{
    private static readonly Gen<string> Text = Gen.String[0, 40];

    [Fact]
    public void A_launch_arrives_as_it_was_sent() =>
        Gen.Select(Text, Gen.Int, Gen.Int[-1, 9], Gen.Byte.Array[0, 300], Gen.Bool, Gen.Int[0, 2]).Sample((text, number, index, program, flag, choice) =>
        {
            var sent = new LaunchRequest
            {
                Key = text,
                Kind = (ProcessKind)choice,
                CloneFlags = number,
                Target = text + "t",
                JoinTargetPidNamespace = flag,
                PidNamespaceDescriptor = index,
                Input = flag ? InputMode.Pipe : InputMode.Null,
                Output = (OutputMode)choice,
                LogFolderDescriptor = index,
                LogName = text + "l",
                CaptureLimit = number,
                OomDescriptor = index,
                CgroupKillDescriptor = index - 1,
                CgroupProcsDescriptor = index + 1,
                TerminalDescriptor = index + 2,
                CgroupDescriptor = index + 3,
                EntranceDescriptor = index + 4,
                StartTimeoutMilliseconds = number / 2,
                RunTimeoutMilliseconds = number / 3,
                Program = program,
            };
            (Frame frame, byte[] body) = Split(sent.ToFrame(7, 9));

            (frame.Kind, frame.Id, frame.Descriptors).Should().Be((MessageKind.Launch, 7u, 9));
            LaunchRequest read = LaunchRequest.Read(body);
            read.Program.ToArray().Should().Equal(program);
            read.Should().BeEquivalentTo(sent, o => o.Excluding(r => r.Program));
        }, iter: 200);

    [Fact]
    public void Small_messages_arrive_as_they_were_sent() =>
        Gen.Select(Text, Gen.Int, Gen.Long).Sample((text, number, big) =>
        {
            SignalRequest.Read(Split(new SignalRequest(text, number).ToFrame(1)).Body).Should().Be(new SignalRequest(text, number));
            KeyRequest.Read(Split(new KeyRequest(text).ToFrame(MessageKind.Forget, 1)).Body).Should().Be(new KeyRequest(text));
            ErrorReply.Read(Split(new ErrorReply(number, -number, text).ToFrame(1)).Body).Should().Be(new ErrorReply(number, -number, text));
            LaunchedReply.Read(Split(new LaunchedReply(number, big, ~big).ToFrame(1)).Body).Should().Be(new LaunchedReply(number, big, ~big));
            ShutdownRequest.Read(Split(new ShutdownRequest(number > 0).ToFrame(1)).Body).Should().Be(new ShutdownRequest(number > 0));
            ExitNotice notice = Notice(text, number, big);
            ExitNotice.Read(Split(notice.ToFrame(0)).Body).Should().BeEquivalentTo(notice);
        }, iter: 200);

    [Fact]
    public void A_description_arrives_with_all_its_processes()
    {
        var sent = new Description
        {
            Version = 3,
            ProcessId = 42,
            StartedAt = 5,
            Namespaces = (int)CloneFlags.NewNet,
            Collections = 6,
            Faults = 7,
            LastFault = "fault",
            Processes =
            [
                new ProcessDescription { Key = "a", Kind = ProcessKind.PodInit, State = ProcessState.Draining, ProcessId = 1, StartTicks = 2, StartedAt = 3, ExitedAt = 4, Status = 5, OomKills = 6, DroppedBytes = 7, LogErrno = 8 },
                new ProcessDescription { Key = "b" },
            ],
        };

        Description.Read(Split(sent.ToFrame(1)).Body).Should().BeEquivalentTo(sent);
    }

    [Fact]
    public void A_shorter_body_of_an_older_sender_reads_as_defaults()
    {
        byte[] body = Split(Notice("key", 1, 2).ToFrame(0)).Body;

        ExitNotice.Read(body.AsSpan(0, 7)).Should().BeEquivalentTo(new ExitNotice { Key = "key" });
        LaunchRequest empty = LaunchRequest.Read([]);
        (empty.Key, empty.OomDescriptor, empty.LogFolderDescriptor, empty.PidNamespaceDescriptor).Should().Be(("", -1, -1, -1));
    }

    [Fact]
    public void A_longer_body_of_a_newer_sender_is_read_as_far_as_it_is_known()
    {
        byte[] body = [.. Split(Notice("key", 1, 2).ToFrame(0)).Body, 1, 2, 3];

        ExitNotice.Read(body).Should().BeEquivalentTo(Notice("key", 1, 2));
    }

    [Fact]
    public void A_body_that_ends_inside_a_field_is_refused()
    {
        byte[] body = Split(new LaunchRequest { Key = "key", Program = new byte[100] }.ToFrame(1, 0)).Body;

        FluentActions.Invoking(() => LaunchRequest.Read(body.AsSpan(0, body.Length - 1))).Should().Throw<ProtocolException>();
        FluentActions.Invoking(() => LaunchRequest.Read(body.AsSpan(0, 2))).Should().Throw<ProtocolException>();
    }

    [Fact]
    public void Garbage_is_read_or_refused_and_never_more() =>
        Gen.Byte.Array[0, 200].Sample(body =>
        {
            foreach (Action read in new Action[]
                     {
                         () => LaunchRequest.Read(body), () => SignalRequest.Read(body), () => KeyRequest.Read(body), () => ErrorReply.Read(body), () => LaunchedReply.Read(body),
                         () => ExitNotice.Read(body), () => Description.Read(body), () => OutputChunk.Read(body), () => ShutdownRequest.Read(body), () => ReadHead(body),
                     })
            {
                try
                {
                    read();
                }
                catch (ProtocolException)
                {
                }
            }
        }, iter: 5000);

    [Fact]
    public void An_exit_record_is_whole_or_refused()
    {
        var record = new ExitRecord { Kind = ProcessKind.PodInit, ProcessId = 9, Status = 256, StartedAt = long.MaxValue, ExitedAt = 12, OomKills = 3 };
        byte[] content = record.Format();

        ExitRecord.TryParse(content, out ExitRecord read).Should().BeTrue();
        read.Should().Be(record);
        for (int cut = 0; cut < content.Length; cut++) ExitRecord.TryParse(content.AsSpan(0, cut), out _).Should().BeFalse("it is cut at {0}", cut);
        ExitRecord.TryParse("kind x\nend\n"u8, out _).Should().BeFalse();
        ExitRecord.TryParse("from-the-future 1\nstatus 7\nend\n"u8, out read).Should().BeTrue();
        read.Status.Should().Be(7);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("exec-3_x.Y", true)]
    [InlineData("", false)]
    [InlineData(".hidden", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("a b", false)]
    public void A_key_is_a_safe_file_name(string key, bool valid) => ProcessKey.IsValid(key).Should().Be(valid);

    [Fact]
    public void Arguments_come_back_from_their_command_line()
    {
        var sent = new SupervisorArguments { Socket = "/s", Folder = "/f", Namespaces = CloneFlags.NewNet | CloneFlags.NewUts, Hostname = "pod", Sysctls = ["a.b=1", "c=2 3"], SharedMemory = 1L << 40 };

        SupervisorArguments.Parse([.. sent.ToArguments()]).Should().BeEquivalentTo(sent);
        foreach (string[] bad in new string[][] { [], ["--socket", "/s"], ["--socket", "/s", "--folder"], ["--what", "x"], ["--socket", "/s", "--folder", "/f", "--namespaces", "net,disk"], ["--socket", "/s", "--folder", "/f", "--shared-memory", "x"] })
            FluentActions.Invoking(() => SupervisorArguments.Parse(bad)).Should().Throw<FormatException>();
    }

    private static ExitNotice Notice(string text, int number, long big) => new()
    {
        Key = text,
        Kind = ProcessKind.Exec,
        ProcessId = number,
        Status = number + 1,
        StartedAt = big,
        ExitedAt = big / 2,
        OomKills = big / 3,
        TimedOut = number % 2 == 0,
        DroppedBytes = big / 5,
        OutputCut = number % 3 == 0,
    };

    private static void ReadHead(byte[] bytes)
    {
        if (bytes.Length >= Frame.HeadSize) Frame.Read(bytes);
    }

    private static (Frame Frame, byte[] Body) Split(ReadOnlyMemory<byte> bytes)
    {
        Frame frame = Frame.Read(bytes.Span);
        frame.Length.Should().Be(bytes.Length);
        return (frame, bytes[Frame.HeadSize..].ToArray());
    }
}
