namespace Orlop.Host.Engine.Operations;

/// <summary>What the current CRI call turned out to do; the call's log line shows it.</summary>
internal sealed class CallScope
{
    private static readonly AsyncLocal<CallScope?> Ambient = new();

    /// <summary>The scope of the call that this code runs for; null outside of calls.</summary>
    public static CallScope? Current => Ambient.Value;

    /// <summary>The operation that the call started or joined.</summary>
    public OperationTrace? Trace { get; set; }

    public static CallScope Enter() => Ambient.Value = new CallScope();
}
