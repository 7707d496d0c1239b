namespace Orlop.Linux.Cgroups;

/// <summary>Something to write into a cgroup's file.</summary>
/// <param name="Controller">Whose file it is.</param>
/// <param name="File">Its name.</param>
/// <param name="Value">What is written.</param>
/// <param name="Optional">Whether a node without the controller or the file can do without.</param>
internal readonly record struct CgroupSetting(string Controller, string File, string Value, bool Optional = false);
