using FluentAssertions;
using Grpc.Core;

namespace Orlop.Testing.Cri;

/// <summary>Assertions over failed calls.</summary>
public static class CriErrors
{
    /// <summary>Asserts that the call fails with a status code, and gives the error for a closer look.</summary>
    public static async Task<RpcException> ShouldFailWithAsync<T>(this AsyncUnaryCall<T> call, StatusCode code) =>
        await ShouldFailWithAsync(async () => await call, code);

    /// <inheritdoc cref="ShouldFailWithAsync{T}(AsyncUnaryCall{T}, StatusCode)"/>
    public static async Task<RpcException> ShouldFailWithAsync(this Func<Task> call, StatusCode code)
    {
        var error = (await call.Should().ThrowAsync<RpcException>()).Which;
        error.StatusCode.Should().Be(code, "the error is: {0}", error.Status.Detail);
        return error;
    }
}
