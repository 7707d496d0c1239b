using System.Reflection;
using Autofac.Core;
using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>What an exception out of a plugin means for its state.</summary>
internal static class PluginFailure
{
    /// <summary>The plugin's state and reason; wrappers of reflection and Autofac are taken off first.</summary>
    public static (PluginState State, string Reason) Of(Exception exception)
    {
        var cause = exception;
        while (cause is TargetInvocationException or TypeInitializationException or DependencyResolutionException && cause.InnerException is { } inner)
            cause = inner;

        return cause switch
        {
            PluginException refused => (refused.State, refused.Message),
            SkipPluginException skipped => (PluginState.Skipped, skipped.Message),
            _ => (PluginState.Failed, $"{cause.GetType().Name}: {cause.Message}"),
        };
    }
}
