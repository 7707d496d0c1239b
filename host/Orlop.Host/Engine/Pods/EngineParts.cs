using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Networking;
using Orlop.Host.Engine.Handlers;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Specs;
using Orlop.Host.Engine.State;
using Orlop.Host.Plugins;

namespace Orlop.Host.Engine.Pods;

/// <summary>What operations on pods work with: the state, the plugins that configuration chose, the clock and the event bus.</summary>
internal sealed record EngineParts(
    StateBook Book,
    HandlerTable Handlers,
    IPodNetwork Network,
    IImageSource Images,
    HookChain Hooks,
    IReadOnlyList<IImagePolicy> Policies,
    RequiredPlugins Required,
    LinuxSpecBuilder Specs,
    IEventBus Events,
    TraceLog Traces,
    TimeProvider Clock,
    CreationClock CreationClock,
    ILogger Logger);
