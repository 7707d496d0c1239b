using CsCheck;
using Orlop.Host.Configuration;

namespace Orlop.Host.Tests.Configuration;

public sealed class TomlFileTests
{
    private readonly ConfigErrors _errors = new();

    [Fact]
    public void Values_know_their_line()
    {
        var document = Parse("a = 1\n\n[t.\"quoted key\"]\nb = [\"x\", 'y']\nc.d = true\n");

        document.Find("a")!.Origin.Should().Be(new Origin("f.toml", 1));
        var table = (ConfigTable)((ConfigTable)document.Find("t")!).Find("quoted key")!;
        table.Find("b")!.Origin.Line.Should().Be(4);
        ((ConfigScalar)((ConfigTable)table.Find("c")!).Find("d")!).Value.Should().Be(true);
        _errors.All.Should().BeEmpty();
    }

    [Fact]
    public void Inline_tables_and_arrays_of_tables_are_read()
    {
        var document = Parse("i = { x = 1, y.z = 'two' }\n[[a]]\nn = 1\n[[a]]\nn = 2\n[a.sub]\nk = 3\n");

        ((ConfigScalar)((ConfigTable)((ConfigTable)document.Find("i")!).Find("y")!).Find("z")!).Value.Should().Be("two");
        var items = ((ConfigList)document.Find("a")!).Items.Cast<ConfigTable>().ToList();
        items.Should().HaveCount(2);
        items[0].Find("sub").Should().BeNull();
        items[1].Find("sub").Should().BeOfType<ConfigTable>();
        _errors.All.Should().BeEmpty();
    }

    [Theory]
    [InlineData("a = 1\na = 2\n", "f.toml:2: the key 'a' is there twice, first on line 1; remove one of them")]
    [InlineData("[t]\n[t]\n", "f.toml:2: [t] is there twice, first on line 1; write its keys under one of them")]
    [InlineData("a = 1\n[a]\n", "f.toml:2: 'a' is the integer 1 on line 1; it cannot be a table too")]
    [InlineData("[a]\nx = 1\n[[a]]\n", "f.toml:3: 'a' is a table on line 1; it cannot be an array of tables too")]
    public void A_key_that_stands_twice_is_an_error_with_both_lines(string text, string expected)
    {
        Parse(text);

        _errors.All.Select(e => e.ToString()).Should().Equal(expected);
    }

    [Fact]
    public void A_broken_line_costs_only_itself()
    {
        var document = Parse("a = \nb = 2\n[t]\nc = 3\nc = 4\n");

        ((ConfigScalar)document.Find("b")!).Value.Should().Be(2L);
        _errors.All.Select(e => e.Origin.Line).Should().Equal(1, 5);
    }

    [Fact]
    public void A_string_that_is_cut_off_is_an_error()
    {
        Parse("a = \"b\\");

        _errors.All.Should().ContainSingle().Which.Message.Should().Contain("cut off");
    }

    [Fact]
    public void Any_text_is_read_without_a_crash() =>
        Gen.String[Gen.Char["abc=[]{}\"'.,# \n\t123-true\\"], 0, 60].Sample(text => TomlFile.Parse("f.toml", text, new ConfigErrors()));

    [Theory]
    [InlineData("[")]
    [InlineData("{a=")]
    [InlineData("a.")]
    public void Depth_without_end_is_an_error_and_no_end_of_the_daemon(string opening)
    {
        string text = string.Concat(Enumerable.Repeat(opening, 200_000));

        TomlFile.Parse("f.toml", $"a = {text}", _errors);
        TomlFile.Parse("f.toml", text, _errors);

        _errors.All.Should().NotBeEmpty();
    }

    [Fact]
    public void What_is_written_as_TOML_is_read_back() =>
        Gen.Select(Gen.String, Gen.String).Where((key, value) => IsText(key) && IsText(value)).Sample((key, value) =>
        {
            var errors = new ConfigErrors();
            var document = TomlFile.Parse("f.toml", $"{TomlText.Key(key)} = {TomlText.Of(value)}\n", errors);
            errors.All.Should().BeEmpty();
            ((ConfigScalar)document.Find(key)!).Value.Should().Be(value);
        });

    // Lone surrogates are no text, and no TOML document can hold them.
    private static bool IsText(string text) => !text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar);

    private ConfigTable Parse(string text) => TomlFile.Parse("f.toml", text, _errors);
}
