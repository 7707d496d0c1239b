using Autofac;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Containers;
using Orlop.Linux.Kernel;
using Orlop.Linux.Mounting;
using Orlop.Linux.Seccomp;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

[assembly: OrlopPlugin("linux-native", typeof(Orlop.Linux.LinuxModule))]

namespace Orlop.Linux;

/// <summary>The entry point of the plugin <c>linux-native</c>.</summary>
public sealed class LinuxModule : PluginModule
{
    private const string SupervisorName = "orlop-supervisor";

    /// <inheritdoc/>
    protected override void Load(ContainerBuilder builder) => builder
        .Register(scope => CreateBackend(Context, scope.Resolve<TimeProvider>(), scope.Resolve<ILogger<NativeBackend>>()))
        .As<IExecutionBackend>()
        .As<IPluginService>()
        .SingleInstance();

    /// <exception cref="SkipPluginException">This machine cannot run containers.</exception>
    internal static NativeBackend CreateBackend(PluginContext context, TimeProvider time, ILogger logger)
    {
        if (!OperatingSystem.IsLinux()) throw new SkipPluginException("linux-native needs Linux");
        if (!Environment.IsPrivilegedProcess) throw new SkipPluginException("linux-native needs root");
        CgroupLayout layout = CgroupLayout.Detect(context.Settings.String("cgroup_root"));
        OwnProcess own = OwnProcess.Read();
        string pods = Path.Join(context.StateFolder, "pods");
        Directory.CreateDirectory(pods, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var identities = new IdentityPlanner(own, SecurityModules.Detect(), new SeccompFilters());
        var stopping = new CancellationTokenSource();
        SupervisorSpawner spawner = OpenSpawner(context, layout, own, time);
        var hostPaths = new HostPathOpener(
            () => spawner.StartPathHelper(stopping.Token), TimeSpan.FromSeconds(context.Settings.Integer("host_path_timeout")), time);
        var parts = new BackendParts
        {
            PodsFolder = pods,
            Cgroups = layout,
            Identities = identities,
            Preparer = new ContainerPreparer(layout, identities, hostPaths),
            Spawner = spawner,
            HostPaths = hostPaths,
            Time = time,
            Logger = logger,
            Stopping = stopping.Token,
        };
        return new NativeBackend(parts, stopping);
    }

    private static SupervisorSpawner OpenSpawner(PluginContext context, CgroupLayout layout, OwnProcess own, TimeProvider time)
    {
        string path = context.Settings.String("supervisor") is { Length: > 0 } configured ? configured : Path.Join(context.Folder, SupervisorName);
        try
        {
            return new SupervisorSpawner(path, layout, own, time);
        }
        catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new SkipPluginException($"the supervisor {path} is missing; set [plugins.linux-native] supervisor");
        }
    }
}
