using Streaming.Common.CommandLine;
using Streaming.Stores;

namespace Streaming.Loadtests.Common;

/// <summary>Files and folders that a command line names for what a run makes: tried
/// before the run, whose figures would be lost after it.</summary>
public static class OutputFile
{
    /// <summary>Tries whether a file can be written there; leaves one that is there as it is.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="CommandException">It cannot; exit code 2.</exception>
    public static void Check(string option, string path)
    {
        if (path.Length == 0) throw new CommandException($"{option} is empty; it must name a file.", 2);
        try
        {
            var there = File.Exists(path);
            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write))
            {
            }

            if (!there) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException($"{option}: {path} cannot be written: {e.Message}", 2);
        }
    }

    /// <summary>A pipeline's data directory, held until it is disposed.</summary>
    /// <exception cref="CommandException">It cannot be used, or somebody else holds it; exit code 2.</exception>
    public static DataDirectory Hold(string path)
    {
        try
        {
            return DataDirectory.Open(path);
        }
        catch (DataDirectoryException e)
        {
            throw new CommandException(e.Message, 2);
        }
    }

    /// <summary>Makes a folder for one run, and the one it lies in if need be.</summary>
    /// <param name="option">The option that names where.</param>
    /// <param name="path">What it says.</param>
    /// <param name="name">The folder's own name.</param>
    /// <exception cref="CommandException">It cannot be made; exit code 2.</exception>
    public static DirectoryInfo Folder(string option, string path, string name)
    {
        if (path.Length == 0) throw new CommandException($"{option} is empty; it must name a folder.", 2);
        try
        {
            return Directory.CreateDirectory(Path.Combine(Path.GetFullPath(path), name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException($"{option}: no folder can be made in {path}: {e.Message}", 2);
        }
    }
}
