using System.Runtime.InteropServices;
using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Tests.Interop;

/// <summary>Structures of computedefs.h on a 64-bit node.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData(nameof(HcsProcessInformation.ProcessId), 0)]
    [InlineData(nameof(HcsProcessInformation.StdInput), 8)]
    [InlineData(nameof(HcsProcessInformation.StdOutput), 16)]
    [InlineData(nameof(HcsProcessInformation.StdError), 24)]
    public void Process_information_has_its_fields_in_place(string field, int offset) => Marshal.OffsetOf<HcsProcessInformation>(field).Should().Be(offset);

    [Theory]
    [InlineData(nameof(HcsEvent.Type), 0)]
    [InlineData(nameof(HcsEvent.Data), 8)]
    [InlineData(nameof(HcsEvent.Operation), 16)]
    public void An_event_has_its_fields_in_place(string field, int offset) => Marshal.OffsetOf<HcsEvent>(field).Should().Be(offset);
}
