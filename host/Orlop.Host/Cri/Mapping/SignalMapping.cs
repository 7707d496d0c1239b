using System.Collections.Frozen;
using Orlop.Abstractions.Errors;
using Orlop.Cri.V1;
using Orlop.Host.Engine.Specs;

namespace Orlop.Host.Cri.Mapping;

/// <summary>CRI <c>Signal</c> and names of signal(7).</summary>
internal static class SignalMapping
{
    private static readonly FrozenDictionary<Signal, string> Names = Enum.GetValues<Signal>()
        .Where(s => s != Signal.RuntimeDefault)
        .ToFrozenDictionary(s => s, s => Signals.Normalise(Spell(s), "CRI"));

    private static readonly FrozenDictionary<string, Signal> Values = Names
        .GroupBy(n => n.Value, n => n.Key)
        .ToFrozenDictionary(g => g.Key, g => g.Min(), StringComparer.Ordinal);

    /// <summary>Null leaves the choice to the image.</summary>
    public static string? ToName(Signal signal) => signal == Signal.RuntimeDefault ? null
        : Names.TryGetValue(signal, out string? name) ? name
        : throw RuntimeException.InvalidArgument($"stop_signal {(int)signal} is none of the CRI's; the kubelet is newer than this orlopd, or the request is wrong");

    public static Signal ToWire(string name) => Values.GetValueOrDefault(name, Signal.RuntimeDefault);

    private static string Spell(Signal signal) => signal.ToString()
        .Replace("plus", "+", StringComparison.OrdinalIgnoreCase)
        .Replace("minus", "-", StringComparison.OrdinalIgnoreCase);
}
