using CsCheck;
using Orlop.Cli.Manifests;

namespace Orlop.Cli.Tests.Manifests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("1", 1, 1000)]
    [InlineData("100m", 1, 100)]
    [InlineData("1500m", 2, 1500)]
    [InlineData("1.5", 2, 1500)]
    [InlineData(".5", 1, 500)]
    [InlineData("5.", 5, 5000)]
    [InlineData("1n", 1, 1)]
    [InlineData("0.1n", 1, 1)]
    [InlineData("2u", 1, 1)]
    [InlineData("64Mi", 64L << 20, (64L << 20) * 1000)]
    [InlineData("1.5Gi", 3L << 29, (3L << 29) * 1000)]
    [InlineData("1k", 1000, 1_000_000)]
    [InlineData("12e6", 12_000_000, 12_000_000_000)]
    [InlineData("1E3", 1000, 1_000_000)]
    [InlineData("1E", 1_000_000_000_000_000_000, long.MaxValue)]
    [InlineData("5e-3", 1, 5)]
    [InlineData("-1.5", -2, -1500)]
    [InlineData("+1", 1, 1000)]
    [InlineData("9Ei", long.MaxValue, long.MaxValue)]
    [InlineData("1e99999", long.MaxValue, long.MaxValue)]
    public void A_quantity_is_read_and_rounded_away_from_zero(string text, long value, long milli)
    {
        Quantity.TryParse(text, out var quantity).Should().BeTrue();
        (quantity.Value, quantity.MilliValue).Should().Be((value, milli));
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("1 Gi")]
    [InlineData("1gi")]
    [InlineData("1K")]
    [InlineData("1mi")]
    [InlineData("0x10")]
    [InlineData("--1")]
    [InlineData("1e")]
    [InlineData("1e1.5")]
    [InlineData("1Kib")]
    [InlineData("١")]
    public void Other_text_is_no_quantity(string text) => Quantity.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Thousandths_are_exact_in_every_spelling() =>
        Gen.Long[0, 1_000_000_000].Sample(milli =>
        {
            Quantity.TryParse($"{milli}m", out var suffixed).Should().BeTrue();
            Quantity.TryParse($"{milli / 1000}.{milli % 1000:000}", out var pointed).Should().BeTrue();
            Quantity.TryParse($"{milli}e-3", out var exponent).Should().BeTrue();
            return suffixed == pointed && pointed == exponent && suffixed.MilliValue == milli && suffixed.Value == (milli + 999) / 1000;
        });

    [Fact]
    public void Binary_suffixes_are_powers_of_1024() =>
        Gen.Select(Gen.Int[0, 5], Gen.Long[0, 7]).Sample((step, count) =>
            Quantity.TryParse($"{count}{"KMGTPE"[step]}i", out var quantity) && quantity.Value == count << (10 * (step + 1)));

    [Fact]
    public void What_is_refused_reads_as_zero_and_nothing_breaks_the_parser() =>
        Gen.String["0123456789.eE+-mkMGTPEinu"].Sample(text => Quantity.TryParse(text, out var quantity) || quantity.IsZero);
}
