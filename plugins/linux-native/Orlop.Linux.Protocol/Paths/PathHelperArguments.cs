namespace Orlop.Linux.Protocol;

/// <summary>
/// How <c>orlop-supervisor</c> is told to open paths instead of holding a pod: with this argument alone, and a connected unix socket as its standard
/// input, on which <see cref="PathRequest"/> and <see cref="PathReply"/> take turns. The end of the socket is its end.
/// </summary>
internal static class PathHelperArguments
{
    /// <summary>The argument.</summary>
    public const string Verb = "open-paths";

    /// <summary>The socket's descriptor.</summary>
    public const int Socket = 0;
}
