using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;

namespace Acme.Defaults;

/// <summary>Fills in the defaults of the pod's namespace. What a container asks for itself stays.</summary>
internal sealed class DefaultsHook(DefaultsFile file) : ILifecycleHook
{
    private const string OpenFiles = "RLIMIT_NOFILE"; // setrlimit(2)

    public string Name => "acme-defaults";

    /// <summary>After the hooks of others: a default is for what nobody has set.</summary>
    public int Order => 1000;

    public Task<ContainerSpec> OnContainerCreatingAsync(SandboxSpec sandbox, ContainerSpec container, CancellationToken cancellationToken)
    {
        if (container.Oci.Process is not { } process || !file.Namespaces.TryGetValue(sandbox.Namespace, out var defaults))
            return Task.FromResult(container);

        var adjusted = process with { Env = WithDefaults(process.Env, defaults), Rlimits = WithDefaults(process.Rlimits ?? [], defaults) };
        return Task.FromResult(container with { Oci = container.Oci with { Process = adjusted } });
    }

    private static IReadOnlyList<string> WithDefaults(IReadOnlyList<string> environment, ContainerDefaults defaults)
    {
        var names = environment.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return [.. environment, .. defaults.Environment.Where(variable => !names.Contains(NameOf(variable)))];
    }

    private static IReadOnlyList<Rlimit> WithDefaults(IReadOnlyList<Rlimit> limits, ContainerDefaults defaults) =>
        defaults.OpenFiles == 0 || limits.Any(limit => limit.Type == OpenFiles)
            ? limits
            : [.. limits, new Rlimit { Type = OpenFiles, Soft = (ulong)defaults.OpenFiles, Hard = (ulong)defaults.OpenFiles }];

    private static string NameOf(string variable) => variable.Split('=', 2)[0];
}
