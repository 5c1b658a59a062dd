namespace Streaming.App.Replaying;

/// <summary>A data directory that is left as it was found, but for its mode, unless something is
/// begun in it. Disposed of after what holds the directory.</summary>
internal sealed class DirectoryRestorer : IDisposable
{
    private static readonly string[] Ours = ["lock", "state.db", "state.db-wal", "state.db-shm", "spill"];
    private readonly string path;
    private readonly bool wasThere;
    private readonly HashSet<string> before;
    private bool kept;

    /// <summary>Looks at what is there before anything is made.</summary>
    public DirectoryRestorer(string path)
    {
        this.path = Path.GetFullPath(path);
        wasThere = Directory.Exists(this.path);
        before = Ours.Where(name => Path.Exists(Path.Combine(this.path, name))).ToHashSet(StringComparer.Ordinal);
        kept = before.Contains("lock") || before.Contains("state.db"); // it belongs to an installation: nothing is removed
    }

    /// <summary>Something was begun: it stays.</summary>
    public void Keep() => kept = true;

    /// <summary>Takes away what was made, and the directory when it was made too and is empty.</summary>
    public void Dispose()
    {
        if (kept || !Directory.Exists(path)) return;
        try
        {
            foreach (var name in Ours.Where(name => !before.Contains(name)))
            {
                var made = Path.Combine(path, name);
                if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
                else File.Delete(made);
            }

            if (!wasThere && !Directory.EnumerateFileSystemEntries(path).Any()) Directory.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // The user is told why the replay did not begin; files that are left do no harm.
        }
    }
}
