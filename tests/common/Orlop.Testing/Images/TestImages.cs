namespace Orlop.Testing.Images;

/// <summary>The images of the node tests, made here from Debian's busybox-static.</summary>
public static class TestImages
{
    private const int SetUserId = 0b100_111_101_101;
    private const int Sticky = 0b001_111_111_111;

    private const string Passwd =
        """
        root:x:0:0:root:/root:/bin/sh
        www-data:x:33:33:www-data:/var/www:/bin/false
        default-user:x:1000:1000::/home/default-user:/bin/sh
        nobody:x:65534:65534:nobody:/:/bin/false

        """;

    private const string Group =
        """
        root:x:0:
        www-data:x:33:
        default-user:x:1000:
        group-defined-in-image:x:50000:default-user
        nogroup:x:65534:

        """;

    private static readonly ImageLayer Base = ImageLayer.Of(layer =>
    {
        foreach (var folder in (string[])["bin", "dev", "etc", "home", "proc", "root", "run", "sys", "usr", "usr/bin", "usr/local", "usr/local/bin", "var"])
        {
            layer.Folder(folder);
        }

        layer.Folder("tmp", Sticky).Folder("home/default-user", uid: 1000, gid: 1000);
        layer.File("etc/passwd", Passwd).File("etc/group", Group);
        layer.File("bin/busybox", TestPrograms.Busybox, 0b111_101_101);
        foreach (var applet in TestPrograms.Applets)
        {
            layer.HardLink("bin/" + applet, "bin/busybox");
        }
    });

    /// <summary>A shell and its tools; what a test uses when it does not care.</summary>
    public static ImageRecipe Busybox { get; } = new("orlop/busybox", "1", Base) { Cmd = ["sh"] };

    /// <summary>The same layers under another name, so another image.</summary>
    public static ImageRecipe Other { get; } = new("orlop/other", "1", Base) { Cmd = ["sh"], Labels = Label("other") };

    /// <summary>An image of the Docker kind with a manifest list; also served as an official image for short names.</summary>
    public static ImageRecipe Official { get; } = new("library/official", "latest", Base) { Kind = ImageKind.DockerList, Labels = Label("official") };

    /// <summary>A single Docker schema 2 manifest.</summary>
    public static ImageRecipe Docker { get; } = new("orlop/docker", "1", Base) { Kind = ImageKind.DockerManifest, Labels = Label("docker") };

    /// <summary>User by number.</summary>
    public static ImageRecipe UserId { get; } = new("orlop/user-id", "1", Base) { User = "1002", Kind = ImageKind.OciManifest };

    /// <summary>User by name.</summary>
    public static ImageRecipe UserName { get; } = new("orlop/user-name", "1", Base) { User = "www-data" };

    /// <summary>User and group by number.</summary>
    public static ImageRecipe UserIdAndGroup { get; } = new("orlop/user-id-group", "1", Base) { User = "1003:1004" };

    /// <summary>User by name, group by number.</summary>
    public static ImageRecipe UserNameAndGroup { get; } = new("orlop/user-name-group", "1", Base) { User = "www-data:1004" };

    /// <summary>User 1000, whom the image's own group file puts in a further group.</summary>
    public static ImageRecipe PredefinedGroup { get; } = new("orlop/predefined-group", "1", Base) { User = "1000" };

    /// <summary>Entrypoint, command, environment and working folder of its own.</summary>
    public static ImageRecipe Configured { get; } = new("orlop/configured", "1", Base)
    {
        Entrypoint = ["/bin/sh", "-c", "echo entrypoint $0 $@; pwd; echo $FROM_IMAGE $SHARED"],
        Cmd = ["cmd-one", "cmd-two"],
        Env = ["PATH=/usr/local/bin:/usr/bin:/bin", "FROM_IMAGE=image", "SHARED=image"],
        WorkingDir = "/made/by/image",
    };

    /// <summary>An image that asks to be stopped by SIGUSR1.</summary>
    public static ImageRecipe StopByUsr1 { get; } = new("orlop/stop-usr1", "1", Base) { StopSignal = "SIGUSR1", Cmd = ["sh"] };

    /// <summary>Four layers with whiteouts, an opaque folder, a replaced file and links; see the tests for what must be left.</summary>
    public static ImageRecipe Layered { get; } = new(
        "orlop/layered",
        "1",
        Base,
        ImageLayer.Of(layer => layer
            .Folder("data").Folder("data/kept").File("data/kept/old", "old").File("data/removed", "never seen").Folder("data/opaque").File("data/opaque/old", "never seen")
            .File("data/replaced", "first").Folder("data/gone").File("data/gone/deep", "never seen").File("data/owned", "owned", uid: 1000, gid: 50000)),
        ImageLayer.Of(layer => layer
            .Whiteout("data/removed").Whiteout("data/gone").Folder("data/opaque").File("data/opaque/.wh..wh..opq", "").File("data/opaque/new", "new").File("data/replaced", "second")),
        ImageLayer.Of(layer => layer
            .Link("to-etc", "/etc").Link("escape", "../../../../../../../escaped").Folder("real").Link("real/loop", "/real").Folder("setuid")
            .File("setuid/euid", TestPrograms.ExitWithEffectiveUserId, SetUserId)))
    {
        Labels = Label("layered"),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ImageRecipe> All { get; } =
    [
        Busybox, Other, Official, Docker, UserId, UserName, UserIdAndGroup, UserNameAndGroup, PredefinedGroup, Configured, StopByUsr1, Layered,
    ];

    /// <summary>An image of its own name for a test that counts or removes: the layers of <see cref="Busybox"/>.</summary>
    public static ImageRecipe Unique(string repository, string tag = "1") => new(repository, tag, Base) { Labels = Label(repository), Cmd = ["sh"] };

    private static Dictionary<string, string> Label(string name) => new(StringComparer.Ordinal) { ["test"] = name };
}
