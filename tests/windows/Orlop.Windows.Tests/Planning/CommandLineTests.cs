using CsCheck;
using Orlop.Abstractions.Errors;
using Orlop.Windows.Planning;
using Orlop.Windows.Simulator;

namespace Orlop.Windows.Tests.Planning;

public sealed class CommandLineTests
{
    private static readonly Gen<string> Argument = Gen.Char["ab \t\n\\\"'%^&é\v"].Array[0, 12].Select(c => new string(c));
    private static readonly Gen<string> Program = Gen.Char["ab \t\\'%é."].Array[1, 12].Select(c => new string(c));

    [Fact]
    public void Arguments_come_back_as_they_were() => Gen.Select(Program, Argument.Array[0, 6]).Sample((program, rest) =>
    {
        string[] arguments = [program, .. rest];

        CommandLineParser.Parse(CommandLine.Join(arguments)).Should().Equal(arguments);
    });

    [Fact]
    public void An_escaped_first_argument_stays_as_it_is_and_the_rest_come_back() => Argument.Array[0, 6].Sample(rest =>
    {
        string line = CommandLine.JoinEscaped(["powershell -c \"Write-Host 'a b'\"", .. rest]);

        line.Should().StartWith("powershell -c \"Write-Host 'a b'\"");
        CommandLineParser.Parse(line).Should().Equal(["powershell", "-c", "Write-Host 'a b'", .. rest]);
    });

    [Theory]
    [InlineData("cmd /c dir", "cmd", "/c", "dir")]
    [InlineData("\"C:\\Program Files\\app.exe\" a", @"C:\Program Files\app.exe", "a")]
    [InlineData("app \"\"", "app", "")]
    [InlineData("app \"say \\\"hi\\\"\"", "app", "say \"hi\"")]
    [InlineData("app \"a b\\\\\"", "app", "a b\\")]
    [InlineData(@"app C:\x\", "app", @"C:\x\")]
    public void Quotes_are_used_where_they_are_needed(string line, params string[] arguments) => CommandLine.Join(arguments).Should().Be(line);

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("a", "b\0c")]
    public void What_no_command_line_can_carry_is_refused(params string[] arguments)
    {
        var join = () => CommandLine.Join(arguments);

        join.Should().Throw<RuntimeException>().Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }
}
