using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pulls;
using Orlop.Host.Engine.Usage;

namespace Orlop.Host.Engine;

/// <summary>The parts of the engine that calls reach.</summary>
/// <param name="Runtime">Pods and containers.</param>
/// <param name="Pulls">Images that are being pulled.</param>
/// <param name="Usage">What pods use.</param>
/// <param name="Traces">The last operations of each pod.</param>
internal sealed record RunningEngine(Runtime Runtime, ImagePulls Pulls, UsageSampler Usage, TraceLog Traces);
