using CsCheck;
using Orlop.Cli.Commands.Inspection;

namespace Orlop.Cli.Tests.Commands;

public sealed class WaterfallTests
{
    [Fact]
    public void A_bar_has_the_width_of_the_axis_and_shows_even_the_shortest_phase() =>
        Gen.Select(Gen.Double[0, 1e6], Gen.Double[0, 1e6], Gen.Double[0, 1e6]).Sample((start, duration, rest) =>
        {
            string bar = Waterfall.Bar(start, duration, start + duration + rest);
            return bar.Length == Waterfall.Width && bar.Trim().Length > 0;
        });

    [Theory]
    [InlineData(0, 40, "████████████████████████████████████████")]
    [InlineData(0, 10, "██████████                              ")]
    [InlineData(30, 10, "                              ██████████")]
    [InlineData(10, 0.5, "          ▌                             ")]
    [InlineData(40, 0, "                                       █")]
    public void A_bar_is_to_scale(double start, double duration, string bar) => Waterfall.Bar(start, duration, end: 40).Should().Be(bar);
}
