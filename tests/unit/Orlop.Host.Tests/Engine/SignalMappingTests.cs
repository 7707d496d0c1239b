using Orlop.Cri.V1;
using Orlop.Host.Cri.Mapping;

namespace Orlop.Host.Tests.Engine;

public sealed class SignalMappingTests
{
    [Theory]
    [InlineData(Signal.Sigterm, "SIGTERM")]
    [InlineData(Signal.Sigrtminplus3, "SIGRTMIN+3")]
    [InlineData(Signal.Sigrtmaxminus14, "SIGRTMIN+16")]
    public void Signals_of_the_wire_have_names(Signal signal, string name) => SignalMapping.ToName(signal).Should().Be(name);

    [Fact]
    public void Every_signal_comes_back_as_itself_or_its_alias()
    {
        foreach (var signal in Enum.GetValues<Signal>().Where(s => s != Signal.RuntimeDefault))
        {
            string name = SignalMapping.ToName(signal)!;
            SignalMapping.ToName(SignalMapping.ToWire(name)).Should().Be(name);
        }
    }

    [Fact]
    public void No_signal_leaves_the_choice_to_the_image() => SignalMapping.ToName(Signal.RuntimeDefault).Should().BeNull();
}
