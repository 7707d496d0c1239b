using Grpc.Core;
using Orlop.Abstractions.Errors;
using Orlop.Host.Cri;

namespace Orlop.Host.Tests.Cri;

public sealed class ErrorStatusTests
{
    [Theory] // kubelet-contract, point 6: a code would stand in front of the word
    [InlineData("RegistryUnavailable")]
    [InlineData("SignatureValidationFailed")]
    [InlineData("RROUnsupported")]
    [InlineData("ImageVolumeMountFailed")]
    public void A_word_that_the_kubelet_looks_for_stands_at_the_start_of_an_error_without_a_code(string word)
    {
        var status = ErrorStatus.Of(RuntimeException.Unavailable($"{word}: the reason"), CancellationToken.None);

        (status.StatusCode, status.Detail).Should().Be((StatusCode.Unknown, $"{word}: the reason"));
    }

    [Fact]
    public void Every_kind_has_a_code_of_its_own()
    {
        var codes = Enum.GetValues<ErrorKind>().Select(kind => ErrorStatus.Of(new RuntimeException(kind, "why"), CancellationToken.None).StatusCode);

        codes.Should().OnlyHaveUniqueItems().And.NotContain([StatusCode.OK, StatusCode.Unknown]);
    }

    [Fact]
    public void Who_went_away_is_told_so_and_a_fault_of_ours_says_that_it_is_one()
    {
        ErrorStatus.Of(new OperationCanceledException(), new CancellationToken(canceled: true)).StatusCode.Should().Be(StatusCode.Cancelled);
        ErrorStatus.Of(new InvalidOperationException("x"), CancellationToken.None).Should().Match<Status>(s => s.StatusCode == StatusCode.Internal && s.Detail.Contains("orlopd"));
    }
}
