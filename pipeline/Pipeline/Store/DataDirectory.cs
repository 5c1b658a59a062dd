namespace Streaming.Pipeline.Store;

/// <summary>The pipeline's folder on disk, held by one process at a time.</summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream held;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Path of a file or folder inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates the folder if need be, makes it its owner's alone (see <see cref="PrivateDirectory"/>) and takes its lock.</summary>
    /// <exception cref="StoreException">Locked by another process, somebody else's, or not writable; the message says what to do.</exception>
    public static DataDirectory Open(string path)
    {
        try
        {
            path = PrivateDirectory.Prepare(path);
            var held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            held.Flush();
            return new DataDirectory(path, held);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException($"The data directory {path} is not writable for this user: choose another with --data, or change its owner.", false, e);
        }
        catch (IOException e) when (System.IO.File.Exists(System.IO.Path.Combine(path, "lock")))
        {
            throw new StoreException($"The data directory {path} is in use by another process: stop that one, or choose another with --data.", false, e);
        }
        catch (IOException e)
        {
            throw new StoreException($"The data directory {path} cannot be used ({e.Message}): choose another with --data.", false, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}
