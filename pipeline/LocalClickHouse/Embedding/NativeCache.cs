using Streaming.Common.CommandLine;

namespace Streaming.LocalClickHouse.Embedding;

/// <summary>
/// The folder of the native libraries that are not on NuGet. <c>deploy/setup</c> fills it; the programs only read it. The
/// root is <c>STREAMING_CACHE</c>, else <c>$XDG_CACHE_HOME/streaming</c>, else <c>$HOME/.cache/streaming</c>; it is outside the source tree
/// so that a clean checkout does not fetch again.
/// </summary>
public static class NativeCache
{
    /// <summary>The folder and version of the ClickHouse engine this build was tested with.</summary>
    public const string ChdbFolder = "chdb-26.5.3";

    /// <summary>The cache's root folder. It need not exist.</summary>
    public static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable("STREAMING_CACHE") is { Length: > 0 } chosen)
            {
                return Path.GetFullPath(chosen);
            }
            var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
                ? xdg
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(home, "streaming");
        }
    }

    /// <summary>The ClickHouse engine library. <c>STREAMING_CHDB</c> names another file.</summary>
    public static string Chdb =>
        Environment.GetEnvironmentVariable("STREAMING_CHDB") is { Length: > 0 } chosen
            ? Path.GetFullPath(chosen)
            : Path.Combine(Root, "native", ChdbFolder, "libchdb.so");

    /// <summary>Returns <paramref name="path"/> if the file exists.</summary>
    /// <exception cref="NativeLibraryMissingException">It is not; the message is one sentence that says what to run.</exception>
    public static string Require(string path, string what) =>
        File.Exists(path)
            ? path
            : throw new NativeLibraryMissingException($"{what} is not at {path}: run deploy/setup, which fetches it (or set " +
                $"STREAMING_CACHE to the folder it was fetched to).");
}

/// <summary>A native library that <c>deploy/setup</c> provides is not there. The message
/// is meant for the person who started the program.</summary>
public sealed class NativeLibraryMissingException(string message) : Exception(message), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.Failed;
}
