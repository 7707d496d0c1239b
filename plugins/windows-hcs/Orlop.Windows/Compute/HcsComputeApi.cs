using System.Runtime.Versioning;
using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Compute;

/// <summary>The host's own compute service.</summary>
[SupportedOSPlatform("windows")]
internal sealed class HcsComputeApi : IComputeApi
{
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromMinutes(4); // a cold image on a busy disk
    private static readonly TimeSpan CallTimeout = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public async Task<IComputeSystem> CreateSystemAsync(string id, string document) => new ComputeSystem(await HcsSystem.CreateAsync(id, document, CreateTimeout));

    /// <inheritdoc/>
    public Task<IComputeSystem> OpenSystemAsync(string id) => Task.Run<IComputeSystem>(() => new ComputeSystem(HcsSystem.Open(id)));

    /// <inheritdoc/>
    public Task<string> EnumerateSystemsAsync(string query) => HcsSystem.EnumerateAsync(query, CallTimeout);

    private sealed class ComputeSystem(HcsSystem system) : IComputeSystem
    {
        public string Id => system.Id;

        public void SetCallback(Action<HcsEventType, string> listener) => system.SetCallback(listener);

        public Task StartAsync() => system.StartAsync(CreateTimeout);

        public Task ShutDownAsync() => system.ShutDownAsync(CallTimeout);

        public Task TerminateAsync() => system.TerminateAsync(CallTimeout);

        public Task<string> PropertiesAsync(string? query) => system.PropertiesAsync(query, CallTimeout);

        public async Task<IComputeProcess> CreateProcessAsync(string document) => new ComputeProcess(await system.CreateProcessAsync(document, CreateTimeout));

        public Task<IComputeProcess> OpenProcessAsync(uint processId) => Task.Run<IComputeProcess>(() => new ComputeProcess(system.OpenProcess(processId)));

        public void Dispose() => system.Dispose();
    }

    private sealed class ComputeProcess(HcsProcess process) : IComputeProcess
    {
        public uint ProcessId => process.ProcessId;

        public Stream? StandardInput => process.StandardInput;

        public Stream? StandardOutput => process.StandardOutput;

        public Stream? StandardError => process.StandardError;

        public void SetCallback(Action<HcsEventType, string> listener) => process.SetCallback(listener);

        public Task TerminateAsync() => process.TerminateAsync(CallTimeout);

        public Task SignalAsync(string options) => process.SignalAsync(options, CallTimeout);

        public Task<string> PropertiesAsync() => process.PropertiesAsync(CallTimeout);

        public void Dispose() => process.Dispose();
    }
}
