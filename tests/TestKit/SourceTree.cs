namespace Streaming.TestKit;

/// <summary>The source tree the tests run in.</summary>
public static class SourceTree
{
    /// <summary>The folder with <c>Streaming.sln</c>, above the running tests.</summary>
    public static string Root { get; } = Find();

    /// <summary>The text of a file.</summary>
    public static string Read(params string[] path) => File.ReadAllText(Path(path));

    /// <summary>A path as seen from the root of the tree.</summary>
    public static string Relative(string path) => System.IO.Path.GetRelativePath(Root, path);

    /// <summary>A path below the root of the tree.</summary>
    public static string Path(params string[] path) => System.IO.Path.Combine([Root, .. path]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Streaming.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No Streaming.sln above {AppContext.BaseDirectory}: the tests run from the source tree.");
    }
}
