using System.Runtime.InteropServices;

namespace Streaming.Common.Files;

/// <summary>The kind of file at a path. Checked before opening, because opening a pipe or a device may block.</summary>
public static partial class FileKinds
{
    private const int ModeOffset = 28; // stx_mode of struct statx, the same on every architecture
    private const int StatxSize = 256;
    private const uint WantedType = 1; // STATX_TYPE
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int NotFollowed = 0x100; // AT_SYMLINK_NOFOLLOW

    /// <summary>Passes for a regular file, or a symbolic link to one. Opens nothing.</summary>
    /// <exception cref="IOException">It is something else, or not there; the message says which.</exception>
    /// <exception cref="UnauthorizedAccessException">The user of this process may not read its attributes.</exception>
    public static void RequireRegular(string path)
    {
        if (Other(path, followed: true) is { } kind) throw new IOException($"{path} is {kind}, not a regular file.");
    }

    /// <summary>What stands there instead of a regular file, as <c>a pipe</c>; null for one.</summary>
    /// <param name="path">Where.</param>
    /// <param name="followed">Whether a symbolic link counts as what it names.</param>
    /// <exception cref="IOException">Nothing is there, or it cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">The user of this process may not read its attributes.</exception>
    public static string? Other(string path, bool followed)
    {
        Span<byte> about = stackalloc byte[StatxSize];
        if (Statx(CurrentDirectory, path, followed ? 0 : NotFollowed, WantedType, about) != 0)
        {
            throw Marshal.GetLastPInvokeError() switch
            {
                2 or 20 => new FileNotFoundException($"{path} is not there."), // ENOENT, ENOTDIR
                1 or 13 => new UnauthorizedAccessException($"The user of this process may not access {path}."), // EPERM, EACCES
                _ => new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}"),
            };
        }

        return (MemoryMarshal.Read<ushort>(about[ModeOffset..]) >> 12) switch // S_IFMT
        {
            8 => null,
            4 => "a directory",
            1 => "a pipe",
            10 => "a symbolic link",
            12 => "a socket",
            _ => "a device",
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint wanted, Span<byte> about);
}
