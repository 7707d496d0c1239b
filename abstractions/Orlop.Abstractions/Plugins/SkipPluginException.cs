namespace Orlop.Abstractions.Plugins;

/// <summary>Thrown by a plugin's module: it cannot work on this machine, and that is no error.</summary>
/// <param name="reason">What the machine lacks, for an operator: <c>the kernel has no erofs</c>.</param>
public sealed class SkipPluginException(string reason) : Exception(reason);
