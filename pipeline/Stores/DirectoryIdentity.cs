using System.Security.Cryptography;
using System.Text;
using Streaming.Common.Files;
using Streaming.Contract.Identity;
using Streaming.Engine.Commits;
using Streaming.Engine.Storing;

namespace Streaming.Stores;

/// <summary>The identity of the store in a data directory: its pseudonym key comes from the settings or from <c>pseudonym.key</c> in the
/// directory.</summary>
public static class DirectoryIdentity
{
    private const int LongestKey = 4096; // bytes of the file

    /// <summary>Reads the identity, or draws one for a new store.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="facts">The store's facts.</param>
    /// <param name="givenKey">Hex of a key given by settings, or null to use the directory's file.</param>
    /// <exception cref="StoreException">The key cannot be read, is too short, or is not the one the store was made with.</exception>
    public static StoreIdentity Of(DataDirectory directory, IFacts facts, string? givenKey) => StoreIdentity.Of(
        facts, givenKey is not null ? Convert.FromHexString(givenKey) : KeyIn(directory.File("pseudonym.key")), "one");

    private static byte[] KeyIn(string path)
    {
        if (Path.Exists(path)) return Read(path);
        var key = RandomNumberGenerator.GetBytes(32);
        var begun = path + ".partial"; // a kill leaves no key, or a whole one
        using (var file = PrivateFile.Create(begun, FileOptions.WriteThrough))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)));
            file.Flush(flushToDisk: true);
        }

        File.Move(begun, path);
        FolderSync.Run(Path.GetDirectoryName(path)!);
        return key;
    }

    private static byte[] Read(string path)
    {
        byte[] key;
        try
        {
            key = Convert.FromHexString(TextFile.Read(path, LongestKey).Trim());
        }
        catch (FormatException e)
        {
            throw new StoreException($"{path} holds no pseudonym key (hexadecimal digits): restore it from a backup of the data directory.",
                false, e);
        }
        catch (IOException e)
        {
            throw new StoreException($"{path} cannot be read ({e.Message.TrimEnd('.')}): put the file of a backup in its place.", false, e);
        }

        return key.Length >= Pseudonyms.MinKeyLength
            ? key
            : throw new StoreException($"{path} holds a key of {key.Length} bytes, and at least {Pseudonyms.MinKeyLength} are needed: " +
                "put the file of a backup in its place, or remove it if this store never had a key.", false);
    }
}
