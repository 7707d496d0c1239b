using System.Numerics;
using CsCheck;
using Orlop.Cni.Requests;

namespace Orlop.Cni.Tests.Requests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("10M", "10000000")]
    [InlineData("1.5k", "1500")]
    [InlineData("1Ki", "1024")]
    [InlineData("1.5Gi", "1610612736")]
    [InlineData("2e6", "2000000")]
    [InlineData("2E6", "2000000")]
    [InlineData("25e-1", "3")]
    [InlineData("1E", "1000000000000000000")]
    [InlineData("1Ei", "1152921504606846976")]
    [InlineData("100m", "1")]
    [InlineData("1001m", "2")]
    [InlineData("1n", "1")]
    [InlineData("-1001m", "-2")]
    [InlineData("+5", "5")]
    [InlineData(".5M", "500000")]
    [InlineData("5.", "5")]
    public void Quantities_of_kubernetes_are_read(string text, string expected)
    {
        Quantity.TryParse(text, out BigInteger value).Should().BeTrue();
        value.Should().Be(BigInteger.Parse(expected));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("M")]
    [InlineData("10 M")]
    [InlineData("10K")]
    [InlineData("10mi")]
    [InlineData("10Mbit")]
    [InlineData("1e")]
    [InlineData("1e99999999999")]
    [InlineData("1e65")]
    [InlineData("1_000")]
    [InlineData("٣")]
    [InlineData("10M\n")]
    public void What_is_no_quantity_is_refused(string text) => Quantity.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Whole_numbers_with_a_suffix_are_exact()
    {
        (string Suffix, BigInteger Factor)[] suffixes =
        [
            ("", 1), ("k", 1000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", BigInteger.Pow(10, 12)), ("P", BigInteger.Pow(10, 15)), ("E", BigInteger.Pow(10, 18)),
            ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", BigInteger.Pow(2, 40)), ("Pi", BigInteger.Pow(2, 50)), ("Ei", BigInteger.Pow(2, 60)), ("e3", 1000),
        ];
        Gen.Select(Gen.Long, Gen.OneOf(suffixes)).Sample((number, suffix) =>
            Quantity.TryParse($"{number}{suffix.Suffix}", out BigInteger value) && value == number * suffix.Factor);
    }

    [Fact]
    public void Fractions_are_rounded_away_from_zero() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 999]).Sample((whole, thousandths) =>
            Quantity.TryParse($"{whole}.{thousandths:000}", out BigInteger up) && up == whole + (thousandths > 0 ? 1 : 0)
            && Quantity.TryParse($"-{whole}.{thousandths:000}", out BigInteger down) && down == -up);

    [Fact]
    public void Any_text_is_a_quantity_or_none() =>
        Gen.String[Gen.OneOf("0123456789.+-eEnumkKMGTPi ".ToCharArray()), 0, 12].Sample(text =>
        {
            _ = Quantity.TryParse(text, out BigInteger value);
            return BigInteger.Abs(value) < BigInteger.Pow(10, 200);
        }, iter: 20_000);
}
