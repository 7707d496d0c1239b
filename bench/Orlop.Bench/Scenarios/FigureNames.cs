namespace Orlop.Bench.Scenarios;

/// <summary>Names that the scenarios write and the targets read.</summary>
internal static class FigureNames
{
    public const string Container = "container create + start";
    public const string Exec = "exec";
    public const string List = "list of 100 containers";
    public const string Stats = "stats of 100 containers";
    public const string Pull = "pull and unpack";
    public const string StartToVersion = "start to the first Version";
    public const string RestartToVersion = "restart with 50 pods to the first Version";
    public const string RestartToList = "restart with 50 pods to the first list of them";
    public const string IdleMemory = "memory without pods";

    public static string Pod(bool hostNetwork) => $"pod to running, {(hostNetwork ? "host network" : "CNI bridge")}";

    public static string Memory(int pods) => pods == 0 ? IdleMemory : $"memory with {Pods(pods)}";

    public static string Supervision(int pods) => $"supervision for each of {Pods(pods)}";

    public static string PrivateSupervision(int pods) => $"supervision for each of {Pods(pods)}, private alone";

    private static string Pods(int count) => count == 1 ? "1 pod" : $"{count} pods";
}
