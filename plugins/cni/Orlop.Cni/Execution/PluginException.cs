using Orlop.Abstractions.Errors;

namespace Orlop.Cni.Execution;

/// <summary>A failed call of a plugin. Whatever a program does wrong, the network is what is not available: a fault of orlopd it is not.</summary>
internal sealed class PluginException(PluginFailure failure, int code, string message, Exception? innerException = null)
    : RuntimeException(failure == PluginFailure.Deadline ? ErrorKind.DeadlineExceeded : ErrorKind.Unavailable, message, innerException)
{
    public PluginFailure Failure { get; } = failure;

    /// <summary>The plugin's own error code, 0 when it gave none; CNI specification, section 5, "error".</summary>
    public int Code { get; } = code;

    /// <summary>The plugin does not know the container, "which implies that the runtime need not clean anything up".</summary>
    public bool IsUnknownContainer => Failure == PluginFailure.Error && Code == CniError.UnknownContainer;
}
