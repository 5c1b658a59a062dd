using Streaming.Common.CommandLine;
using Streaming.Common.Files;
using Streaming.Engine.Storing;

namespace Streaming.Stores;

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

    /// <summary>Takes the lock of a folder that holds a store; creates nothing.</summary>
    /// <exception cref="StoreException">There is no store, it is locked by another process,
    /// or not writable; the message says what to do.</exception>
    public static DataDirectory OpenExisting(string path) => System.IO.File.Exists(System.IO.Path.Combine(path, "state.db"))
        ? Open(path)
        : throw new NoStoreException(System.IO.Path.GetFullPath(path));

    /// <summary>Creates the folder if need be, makes it its owner's alone (see
    /// <see cref="PrivateDirectory"/>) and takes its lock.</summary>
    /// <exception cref="StoreException">Locked by another process, somebody else's,
    /// or not writable; the message says what to do.</exception>
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
        catch (PrivateDirectoryException e)
        {
            throw new StoreException(e.Message, false, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException($"The data directory {path} is not writable for this user: choose another with --data, or " +
                $"change its owner.", false, e);
        }
        catch (IOException e) when (System.IO.File.Exists(System.IO.Path.Combine(path, "lock")))
        {
            throw new StoreException($"The data directory {path} is in use by another process: stop that one, or choose another " +
                $"with --data.", false, e);
        }
        catch (IOException e)
        {
            throw new StoreException($"The data directory {path} cannot be used ({e.Message}): choose another with --data.", false, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}

/// <summary>A folder that was named holds no store: whoever named it is told, and nothing is made there.</summary>
public sealed class NoStoreException(string path) : Exception($"There is no data directory {path} (it has no state.db): name that of an " +
    "installation with --data."), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
