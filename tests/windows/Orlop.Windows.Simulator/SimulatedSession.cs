using System.Collections.Concurrent;
using Orlop.Windows.Compute;
using Orlop.Windows.Interop;
using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Simulator;

/// <summary>One client of the service: a run of the daemon. Every call completes on another thread.</summary>
internal sealed class SimulatedSession(SimulatedService service) : IComputeApi
{
    private readonly ConcurrentDictionary<Handle, bool> _handles = new();
    private volatile bool _cut;

    /// <summary>Calls that were made on a closed handle, or handles that were closed under a call.</summary>
    public ConcurrentQueue<string> Misuse { get; } = new();

    public int OpenHandles => _handles.Count;

    /// <summary>The client's process is killed: its handles are closed, its pipes break, nobody hears of anything.</summary>
    public void Kill()
    {
        foreach (var handle in _handles.Keys) handle.Close();
    }

    /// <summary>The service is gone: every call fails from now on.</summary>
    public void Cut() => _cut = true;

    /// <inheritdoc/>
    public Task<IComputeSystem> CreateSystemAsync(string id, string document) =>
        CallAsync<IComputeSystem>("HcsCreateComputeSystem", id, () => Task.FromResult<IComputeSystem>(new SystemHandle(this, service.Create(id, document))));

    /// <inheritdoc/>
    public Task<IComputeSystem> OpenSystemAsync(string id) =>
        CallAsync<IComputeSystem>("HcsOpenComputeSystem", id, () => Task.FromResult<IComputeSystem>(new SystemHandle(this, service.Open(id))));

    /// <inheritdoc/>
    public Task<string> EnumerateSystemsAsync(string query) => CallAsync("HcsEnumerateComputeSystems", query, () => Task.FromResult(service.Enumerate(query)));

    private Task<T> CallAsync<T>(string call, string subject, Func<Task<T>> effect) => Task.Run(async () =>
    {
        if (_cut) throw new HcsException(call, subject, HResults.ServiceNotAvailable);
        if (service.Faults.Take(call) is not { } fault)
        {
            var result = await effect();
            if (service.Faults.Slow.TryGetValue(call, out var delay)) await Task.Delay(delay);
            return result;
        }

        if (fault.Effect == FaultEffect.Done) await effect();
        if (fault.Effect == FaultEffect.DoneLater) _ = Task.Delay(50).ContinueWith(_ => effect(), TaskScheduler.Default);
        throw new HcsException(call, subject, fault.HResult);
    });

    private abstract class Handle : IDisposable
    {
        private readonly Listeners _listeners;
        private readonly string _name;
        private int _inFlight;

        protected Handle(SimulatedSession session, Listeners listeners, string name)
        {
            Session = session;
            _listeners = listeners;
            _name = name;
            listeners.Open(this);
            session._handles[this] = true;
        }

        protected SimulatedSession Session { get; }

        public void SetCallback(Action<HcsEventType, string> listener) => _listeners.Set(this, listener);

        public void Dispose()
        {
            if (Volatile.Read(ref _inFlight) > 0) Session.Misuse.Enqueue($"{_name}: closed under a call in flight");
            Close();
        }

        public void Close()
        {
            if (!Session._handles.TryRemove(this, out _)) return;
            _listeners.Close(this);
            Closed();
        }

        protected virtual void Closed()
        {
        }

        protected async Task<T> CallAsync<T>(string call, Func<Task<T>> effect)
        {
            if (!Session._handles.ContainsKey(this))
            {
                Session.Misuse.Enqueue($"{call} {_name}: on a closed handle");
                throw new ObjectDisposedException(_name);
            }

            Interlocked.Increment(ref _inFlight);
            try
            {
                return await Session.CallAsync(call, _name, effect);
            }
            finally
            {
                Interlocked.Decrement(ref _inFlight);
            }
        }

        protected Task DoAsync(string call, Func<Task> effect) => CallAsync(call, async () =>
        {
            await effect();
            return true;
        });

        protected Task DoAsync(string call, Action effect) => CallAsync(call, () =>
        {
            effect();
            return Task.FromResult(true);
        });
    }

    private sealed class SystemHandle(SimulatedSession session, SimulatedSystem system) : Handle(session, system.Listeners, system.Id), IComputeSystem
    {
        public string Id => system.Id;

        public Task StartAsync() => DoAsync("HcsStartComputeSystem", system.Start);

        public Task ShutDownAsync() => DoAsync("HcsShutDownComputeSystem", system.ShutDown);

        public Task TerminateAsync() => DoAsync("HcsTerminateComputeSystem", system.TerminateAsync);

        public Task<string> PropertiesAsync(string? query) => CallAsync("HcsGetComputeSystemProperties", () => Task.FromResult(system.Properties(query)));

        public Task<IComputeProcess> CreateProcessAsync(string document) => CallAsync<IComputeProcess>("HcsCreateProcess", async () =>
        {
            var process = Session.Service.CreateProcess(system, document);
            if (Session.Service.Faults.ExitBeforeCallback) await process.Ended;
            return new ProcessHandle(Session, process, ownsPipes: true);
        });

        public Task<IComputeProcess> OpenProcessAsync(uint processId) =>
            CallAsync<IComputeProcess>("HcsOpenProcess", () => Task.FromResult<IComputeProcess>(new ProcessHandle(Session, system.OpenProcess(processId), ownsPipes: false)));

        protected override void Closed() => Session.Service.Collect(system);
    }

    private SimulatedService Service => service;

    private sealed class ProcessHandle(SimulatedSession session, SimulatedProcess process, bool ownsPipes) : Handle(session, process.Listeners, $"process {process.Id}"), IComputeProcess
    {
        public uint ProcessId => process.Id;

        public Stream? StandardInput => null;

        public Stream? StandardOutput { get; } = ownsPipes ? process.Output?.AsStream() : null;

        public Stream? StandardError { get; } = ownsPipes ? process.Errors?.AsStream() : null;

        public Task TerminateAsync() => DoAsync("HcsTerminateProcess", async () =>
        {
            if (process.Ended.IsCompleted) throw new HcsException("HcsTerminateProcess", $"process {process.Id}", HResults.ProcessAlreadyStopped);
            process.Terminate();
            await Task.Yield();
        });

        // As with Server Core images: the call returns once the process has ended.
        public Task SignalAsync(string options) => DoAsync("HcsSignalProcess", async () =>
        {
            if (process.Ended.IsCompleted) throw new HcsException("HcsSignalProcess", $"process {process.Id}", HResults.ProcessAlreadyStopped);
            process.Deliver(System.Text.Json.JsonDocument.Parse(options).RootElement.GetProperty("Signal").GetString()!);
            await process.Ended;
        });

        public Task<string> PropertiesAsync() => CallAsync("HcsGetProcessProperties", () => Task.FromResult(process.Status()));

        protected override void Closed()
        {
            StandardOutput?.Dispose();
            StandardError?.Dispose();
        }
    }
}
