using System.Security.Cryptography;
using System.Text;
using Streaming.Common.Files;
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
    /// <exception cref="StoreException">The key is not the one the store was made with.</exception>
    public static StoreIdentity Of(DataDirectory directory, IFacts facts, string? givenKey) => StoreIdentity.Of(
        facts, givenKey is not null ? Convert.FromHexString(givenKey) : KeyIn(directory.File("pseudonym.key")), "one");

    private static byte[] KeyIn(string path)
    {
        if (Path.Exists(path)) return Read(path);
        var key = RandomNumberGenerator.GetBytes(32);
        var options = PrivateDirectory.NewFile;
        options.Options = FileOptions.WriteThrough;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)));
        return key;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return Convert.FromHexString(TextFile.Read(path, LongestKey).Trim());
        }
        catch (FormatException e)
        {
            throw new StoreException($"{path} does not hold a key, which is hexadecimal digits: put the file of a backup in its place.",
                false, e);
        }
    }
}
