using Orlop.Cli.Hosting;

namespace Orlop.Cli.Pods;

/// <summary>Checks a path of the host against the type that its volume states, and makes what OrCreate asks for.</summary>
internal static class HostPath
{
    private const string OrCreate = "OrCreate";

    /// <summary>Answers the path; without a type it is the runtime's to judge.</summary>
    /// <exception cref="CliException">It is not there, or of another type.</exception>
    public static string Prepare(string volume, string path, string type)
    {
        if (type.Length == 0)
            return path;

        string what = $"volume {volume}: hostPath {path}";
        string wanted = type.Replace(OrCreate, "", StringComparison.Ordinal);
        switch (FileKind.Of(path))
        {
            case null when type.EndsWith(OrCreate, StringComparison.Ordinal):
                Create(what, path, wanted);
                return path;
            case null:
                throw new CliException(what, "it does not exist", $"make it, or state the type {(wanted == "File" ? "FileOrCreate" : "DirectoryOrCreate")}");
            case var kind when kind != wanted:
                throw new CliException(what, $"it is of the type {kind}, not {wanted}", "name another path, or its type");
            default:
                return path;
        }
    }

    private static void Create(string what, string path, string wanted)
    {
        if (wanted == "Directory")
        {
            Modes.CreateFolder(path, Modes.PublicFolder);
            return;
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new CliException(what, "its folder does not exist", "make the folder first");

        Modes.CreateFile(path, "", Modes.PublicFile);
    }
}
