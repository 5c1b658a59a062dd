namespace Streaming.Common.Files;

/// <summary>Files that hold what members did: only their owner may read them.</summary>
public static class PrivateFile
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A new empty file in the place of what was there.</summary>
    public static FileStream Create(string path, FileOptions options = FileOptions.None, int buffer = 1 << 16)
    {
        File.Delete(path); // never through a link that somebody put there, and never with the mode of another file
        return Open(path, FileMode.CreateNew, options, buffer);
    }

    /// <summary>A file to read and write, made when it is not there.</summary>
    public static FileStream OpenOrCreate(string path, int buffer = 1 << 16) => Open(path, FileMode.OpenOrCreate, FileOptions.None, buffer);

    private static FileStream Open(string path, FileMode mode, FileOptions options, int buffer)
    {
        var how = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read, Options = options,
            BufferSize = buffer };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = Mode;
        return new FileStream(path, how);
    }
}
