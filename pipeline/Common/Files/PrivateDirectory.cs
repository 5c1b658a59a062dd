using System.Globalization;
using System.Runtime.InteropServices;

namespace Streaming.Common.Files;

/// <summary>A folder that its owner alone can look into: mode 0700, files 0600, no symbolic links among what stands in it.</summary>
/// <remarks>
/// Other users cannot enter the folder and so cannot add anything later: what is checked here stays true. Deeper folders are behind this
/// one's
/// mode. Thread-safe.
/// </remarks>
public static partial class PrivateDirectory
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = (UnixFileMode)0x3F; // 077
    private const int OwnerOffset = 20; // stx_uid of struct statx, the same on every architecture
    private const int StatxSize = 256;
    private const uint WantedOwner = 8; // STATX_UID
    private const int CurrentDirectory = -100; // AT_FDCWD

    /// <summary>From now on this process, and every child of it, makes files that only
    /// their owner can read. Call it first of all.</summary>
    public static void MakeNewFilesPrivate() => _ = SetCreationMask((uint)Others);

    /// <summary>Creates the folder if need be, takes everybody else's rights from it and from what
    /// stands in it, and refuses a folder that another user may have prepared.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="PrivateDirectoryException">It belongs to somebody else, or something in
    /// it is a symbolic link; the message says what to do.</exception>
    /// <exception cref="IOException">It cannot be created or read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static string Prepare(string path)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(path, OwnersFolder);
        var owner = OwnerOf(path);
        if (owner != EffectiveUser())
        {
            throw new PrivateDirectoryException(string.Create(CultureInfo.InvariantCulture,
                $"The data directory {path} belongs to user {owner}, and this program runs as user {EffectiveUser()}: choose another " +
                    $"with --data (a new folder inside it will do), or change its owner."));
        }

        var mode = File.GetUnixFileMode(path);
        if (mode.HasFlag(UnixFileMode.StickyBit))
        {
            throw new PrivateDirectoryException($"{path} is a shared folder (its sticky bit is set): give a folder inside it with --data.");
        }

        File.SetUnixFileMode(path, OwnersFolder);
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos()) Tighten(entry);
        return path;
    }

    /// <summary>Options to make a new file that only its owner can read; one that stands
    /// there already, a link among them, is an error.</summary>
    public static FileStreamOptions NewFile => new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnersFile };

    private static void Tighten(FileSystemInfo entry)
    {
        if (entry.LinkTarget is not null)
        {
            throw new PrivateDirectoryException($"{entry.FullName} is a symbolic link, and none is followed inside a data directory: " +
                "remove it, or replace it by what it points to.");
        }

        if ((entry.UnixFileMode & Others) != 0 && OwnerOf(entry.FullName) == EffectiveUser()) entry.UnixFileMode &= ~Others;
    }

    private static uint OwnerOf(string path)
    {
        Span<byte> about = stackalloc byte[StatxSize];
        return Statx(CurrentDirectory, path, 0, WantedOwner, about) == 0
            ? MemoryMarshal.Read<uint>(about[OwnerOffset..])
            : throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetCreationMask(uint mask);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint wanted, Span<byte> about);
}
