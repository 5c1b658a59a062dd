namespace Streaming.LocalClickHouse.Embedding;

/// <summary>
/// Prepares a data directory so that a file path cannot be used as a table name in it. The engine gives one database, by itself
/// <c>default</c>, to files as
/// well as to tables: <c>SELECT * FROM '/a/path'</c> reads a file there. Here that database has another name and is detached at once
/// (<see cref="DetachFiles"/>), and <c>default</c> is a database of tables alone, with the tables it always had.
/// </summary>
internal static class EngineDirectory
{
    /// <summary>The name in <c>engine.xml</c> of the database that the engine would give to files.</summary>
    private const string Files = "files_by_path";

    /// <summary>Detaches the database of files; nothing is in it. To be run on the first connection, before there is any request.</summary>
    public const string DetachFiles = $"DETACH DATABASE {Files}";

    /// <summary>To be called before the engine opens the directory.</summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static void Prepare(string data)
    {
        var metadata = Path.Combine(data, "metadata");
        Directory.CreateDirectory(metadata);
        var link = new FileInfo(Path.Combine(metadata, "default"));
        var definition = Path.Combine(metadata, "default.sql");
        if (!File.Exists(definition))
        {
            // What the engine wrote under the link is the database's own directory, named by its identity.
            var identity = link.LinkTarget is { } target && Guid.TryParse(Path.GetFileName(target), out var known) ? known : Guid.NewGuid();
            var partial = definition + ".tmp";
            File.WriteAllText(partial, $"ATTACH DATABASE _ UUID '{identity}'\nENGINE = Atomic\n");
            File.Move(partial, definition, overwrite: true);
        }
        if (link.LinkTarget is not null)
        {
            // The engine would take the link for the identity of the database of files, and makes it anew for default.
            link.Delete();
        }
    }
}
