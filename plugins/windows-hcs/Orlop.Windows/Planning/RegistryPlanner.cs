using System.Globalization;
using Orlop.Abstractions.Errors;
using Orlop.Windows.Documents;

namespace Orlop.Windows.Planning;

/// <summary>Values that a container's registry gets before it starts.</summary>
internal static class RegistryPlanner
{
    private const string DumpFolder = "io.microsoft.container.processdumplocation";
    private const string DumpType = "io.microsoft.wcow.processdumptype";
    private const string DumpCount = "io.microsoft.wcow.processdumpcount";
    private const int Minidump = 1;
    private const int FullDump = 2;
    private const int DefaultDumpCount = 10;

    private static readonly RegistryKey Control = new("System", @"ControlSet001\Control");
    private static readonly RegistryKey LocalDumps = new("Software", @"Microsoft\Windows\Windows Error Reporting\LocalDumps");

    // CSRSS would end processes that take longer than 5 s to shut down; how long a stop may take is the caller's to say.
    private static readonly RegistryValue PatientShutdown = RegistryValue.Text(Control, "WaitToKillServiceTimeout", int.MaxValue.ToString(CultureInfo.InvariantCulture));

    public static RegistryChanges Plan(string containerId, IReadOnlyDictionary<string, string> annotations) => new([PatientShutdown, .. Dumps(containerId, annotations)]);

    private static IEnumerable<RegistryValue> Dumps(string containerId, IReadOnlyDictionary<string, string> annotations)
    {
        if (!annotations.TryGetValue(DumpFolder, out string? folder) || folder.Length == 0) yield break;
        yield return RegistryValue.Text(LocalDumps, "DumpFolder", folder.Replace("{container_id}", containerId, StringComparison.Ordinal));
        yield return RegistryValue.Number(LocalDumps, "DumpType", Kind(annotations.GetValueOrDefault(DumpType, "full")));
        yield return RegistryValue.Number(LocalDumps, "DumpCount", Count(annotations.GetValueOrDefault(DumpCount)));
    }

    private static int Kind(string kind) => kind switch
    {
        "mini" => Minidump,
        "full" => FullDump,
        _ => throw RuntimeException.InvalidArgument($"annotation {DumpType}: \"{kind}\" is neither mini nor full"),
    };

    private static int Count(string? count) => count is null ? DefaultDumpCount
        : int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value
        : throw RuntimeException.InvalidArgument($"annotation {DumpCount}: \"{count}\" is no positive number");
}
