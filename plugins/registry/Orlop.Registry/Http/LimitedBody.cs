using Orlop.Abstractions.Errors;

namespace Orlop.Registry.Http;

/// <summary>Reads bodies that must be small, whatever their headers claim.</summary>
internal static class LimitedBody
{
    /// <exception cref="RegistryException">It is longer, or it is cut off.</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, string what, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > limit)
            throw TooLong(what, limit);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var copy = new MemoryStream();
            byte[] buffer = new byte[16 << 10];
            for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (copy.Length + read > limit)
                    throw TooLong(what, limit);
                copy.Write(buffer, 0, read);
            }

            return copy.ToArray();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new RegistryException(ErrorKind.Unavailable, $"the connection broke in the {what}: {e.Message}", e);
        }
    }

    private static RegistryException TooLong(string what, int limit) => new(ErrorKind.InvalidArgument, $"the {what} is larger than {limit} bytes");
}
