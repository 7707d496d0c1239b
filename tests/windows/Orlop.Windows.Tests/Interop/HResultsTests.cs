using Orlop.Windows.Interop;

namespace Orlop.Windows.Tests.Interop;

public sealed class HResultsTests
{
    [Theory]
    [InlineData(0x8037010E, HcsError.NotFound)]
    [InlineData(0xC037010E, HcsError.NotFound)]
    [InlineData(0x80370110, HcsError.AlreadyStopped)]
    [InlineData(0xC0370110, HcsError.AlreadyStopped)]
    [InlineData(0xC0370103, HcsError.Pending)]
    [InlineData(0x80370117, HcsError.Pending)]
    [InlineData(0x80370118, HcsError.Timeout)]
    [InlineData(0xC0370105, HcsError.InvalidState)]
    [InlineData(0x8037011F, HcsError.AlreadyStopped)]
    [InlineData(0x80370101, HcsError.ImageMismatch)]
    [InlineData(0x803B0002, HcsError.NotFound)]
    [InlineData(0x80070490, HcsError.NotFound)]
    [InlineData(0x80070002, HcsError.FileNotFound)]
    [InlineData(0x80004005, HcsError.Other)]
    public void A_code_means_the_same_with_either_severity(uint code, HcsError error) => HResults.Classify(unchecked((int)code)).Should().Be(error);

    [Fact]
    public void An_error_names_call_object_code_and_document() =>
        new HcsException("HcsCreateComputeSystem", "web", HResults.InvalidJson, "$.Container.Bogus").Message
            .Should().Be("HcsCreateComputeSystem web: 0x8037010D (InvalidDocument): $.Container.Bogus");
}
