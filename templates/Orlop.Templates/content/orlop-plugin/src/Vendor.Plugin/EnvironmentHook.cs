using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;

namespace Vendor.Plugin;

/// <summary>Gives containers the environment variables of the setting <c>environment</c>, unless they set them themselves.</summary>
internal sealed class EnvironmentHook : ILifecycleHook
{
    private readonly IReadOnlyList<string> _variables;

    public EnvironmentHook(PluginContext context)
    {
        _variables = context.Settings.Strings("environment");
        if (_variables.FirstOrDefault(variable => variable.IndexOf('=') < 1) is { } wrong)
            throw new ArgumentException($"plugins.{context.Id}.environment has \"{wrong}\"; write NAME=value");
    }

    public string Name => "plugin-id";

    public Task<ContainerSpec> OnContainerCreatingAsync(SandboxSpec sandbox, ContainerSpec container, CancellationToken cancellationToken)
    {
        if (container.Oci.Process is not { } process)
            return Task.FromResult(container);

        var names = process.Env.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var added = _variables.Where(variable => !names.Contains(NameOf(variable)));
        return Task.FromResult(container with { Oci = container.Oci with { Process = process with { Env = [.. process.Env, .. added] } } });
    }

    private static string NameOf(string variable) => variable.Split('=', 2)[0];
}
