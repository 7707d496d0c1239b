using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Compute;

/// <summary>The one native callback for events of systems and processes; dispatches by the number that it was registered with.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class HcsCallback
{
    private static readonly CallbackTable<Action<HcsEventType, string>> Listeners = new();

    /// <summary>The function to register.</summary>
    public static delegate* unmanaged<HcsEvent*, nint, void> Function => &OnEvent;

    /// <summary>Enters a listener.</summary>
    /// <param name="listener">Called on a native thread; must not block, throw or close handles.</param>
    /// <returns>The context to register with.</returns>
    public static nint Add(Action<HcsEventType, string> listener) => Listeners.Add(listener);

    /// <summary>Removes it, after the handle is closed.</summary>
    public static void Remove(nint context) => Listeners.Remove(context);

    [UnmanagedCallersOnly]
    private static void OnEvent(HcsEvent* data, nint context) =>
        Listeners.Find(context)?.Invoke(data->Type, data->Data == 0 ? "" : Marshal.PtrToStringUni(data->Data) ?? "");
}
