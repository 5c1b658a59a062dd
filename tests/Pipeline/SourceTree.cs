namespace Streaming.Pipeline.Tests;

/// <summary>Files of the repository the tests run in.</summary>
internal static class SourceTree
{
    public static string Read(params string[] path) => File.ReadAllText(Path(path));

    /// <summary>A path as seen from the root of the tree.</summary>
    public static string Relative(string path) => System.IO.Path.GetRelativePath(Root(), path);

    public static string Path(params string[] path) => System.IO.Path.Combine([Root(), .. path]);

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Streaming.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No Streaming.sln above {AppContext.BaseDirectory}: the tests run from the source tree.");
    }
}
