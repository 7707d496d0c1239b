using CsCheck;
using Orlop.Cli.Manifests;

namespace Orlop.Cli.Tests.Manifests;

public sealed class ExpansionTests
{
    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal) { ["A"] = "a", ["B"] = "$(A)", ["EMPTY"] = "" };

    [Theory]
    [InlineData("$(A)", "a")]
    [InlineData("x$(A)y$(A)z", "xayaz")]
    [InlineData("$(B)", "$(A)")]      // a value is not expanded again
    [InlineData("$(EMPTY)", "")]
    [InlineData("$(NONE)", "$(NONE)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$$$(A)", "$a")]
    [InlineData("$$$$(A)", "$$(A)")]
    [InlineData("$A", "$A")]
    [InlineData("$", "$")]
    [InlineData("a$", "a$")]
    [InlineData("$(A", "$(A")]
    [InlineData("$($(A))", "$($(A))")] // the name is "$(A"
    [InlineData("$()", "$()")]
    [InlineData("\n$(A)\n", "\na\n")]
    public void References_become_values(string text, string expanded) => Expansion.Expand(text, Variables).Should().Be(expanded);

    [Fact]
    public void Text_without_a_dollar_sign_stays_as_it_is() =>
        Gen.String.Where(text => !text.Contains('$', StringComparison.Ordinal)).Sample(text => Expansion.Expand(text, Variables) == text);

    [Fact]
    public void A_text_with_its_dollar_signs_doubled_comes_back() =>
        Gen.String["$()AB x"].Sample(text => Expansion.Expand(text.Replace("$", "$$", StringComparison.Ordinal), Variables) == text);

    [Fact]
    public void Concatenation_of_references_is_concatenation_of_values() =>
        Gen.OneOf("$(A)", "$(B)", "$(EMPTY)", "plain", "$$").List[0, 20].Sample(parts =>
            Expansion.Expand(string.Concat(parts), Variables) == string.Concat(parts.Select(part => Expansion.Expand(part, Variables))));
}
