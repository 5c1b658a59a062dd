using Streaming.Common.CommandLine;
using Streaming.Common.Files;

namespace Streaming.Stores;

/// <summary>The pipeline's folder on disk, held by one process at a time.</summary>
public sealed class DataDirectory : IDisposable
{
    private const int WouldBlock = 11; // EWOULDBLOCK: another process holds the lock
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
    /// <exception cref="DataDirectoryException">There is no store, it is locked by another process,
    /// or not writable; the message says what to do.</exception>
    public static DataDirectory OpenExisting(string path) => System.IO.File.Exists(System.IO.Path.Combine(path, "state.db"))
        ? Open(path)
        : throw new DataDirectoryException($"{System.IO.Path.GetFullPath(path)} is no data directory (it has no state.db): give the " +
            "data directory of an installation with --data.");

    /// <summary>Creates the folder if it is missing, makes it readable by its owner only (see
    /// <see cref="PrivateDirectory"/>) and takes its lock.</summary>
    /// <exception cref="DataDirectoryException">It is locked by another process, belongs to another user, or is not writable; the message
    /// says what to do.</exception>
    public static DataDirectory Open(string path)
    {
        try
        {
            path = PrivateDirectory.Prepare(path);
            var file = System.IO.Path.Combine(path, "lock");
            if (System.IO.Path.Exists(file) && FileKinds.Other(file, followed: false) is { } kind)
            {
                throw new DataDirectoryException($"{file} is {kind}, and has to be a file of this program's own: remove it, or choose " +
                    "another data directory with --data.");
            }

            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            held.Flush();
            return new DataDirectory(path, held);
        }
        catch (PrivateDirectoryException e)
        {
            throw new DataDirectoryException(e.Message, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataDirectoryException($"The data directory {path} is not writable for this user: choose another with --data, or " +
                $"change its owner.", e);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new DataDirectoryException($"The data directory {path} is in use by another process: stop that one, or choose another " +
                $"with --data.", e);
        }
        catch (IOException e)
        {
            throw new DataDirectoryException($"The data directory {path} cannot be used ({e.Message.TrimEnd('.')}): choose another with " +
                $"--data.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}

/// <summary>A data directory cannot be used; nothing was begun in it. The message says why, and what to do.</summary>
/// <param name="message">One sentence.</param>
/// <param name="inner">What the system said.</param>
public sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
