using System.IO.Compression;
using System.Text;

namespace Streaming.Integration.Tests.Replay;

/// <summary>A zip archive written as those above 4 GiB are: every size and place in a field of 8 bytes.</summary>
internal static class Zip64
{
    private const uint InExtra = uint.MaxValue;
    private const short Version = 45;

    /// <summary>An archive of one text.</summary>
    public static byte[] Of(string name, string text, bool packed)
    {
        var (sum, content, stored) = Packed(text, packed);
        var path = Encoding.UTF8.GetBytes(name);
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);

        to.Write(0x04034b50);
        Head();
        to.Write((short)20);
        to.Write(path);
        Sizes(16);
        to.Write(stored);

        var directory = bytes.Position;
        to.Write(0x02014b50);
        to.Write(Version);
        Head();
        to.Write((short)28);
        to.Write(0); // no comment, the first disk
        to.Write((short)0);
        to.Write(0);
        to.Write(InExtra);
        to.Write(path);
        Sizes(24);
        to.Write(0L); // its place

        var end = bytes.Position;
        to.Write(0x06064b50);
        to.Write(44L);
        to.Write(Version);
        to.Write(Version);
        to.Write(0L); // disks
        to.Write(1L);
        to.Write(1L);
        to.Write(end - directory);
        to.Write(directory);
        to.Write(0x07064b50);
        to.Write(0);
        to.Write(end);
        to.Write(1);
        to.Write(0x06054b50);
        to.Write(0);
        to.Write(ushort.MaxValue);
        to.Write(ushort.MaxValue);
        to.Write(InExtra);
        to.Write(InExtra);
        to.Write((short)0);
        return bytes.ToArray();

        void Head()
        {
            to.Write(Version);
            to.Write((short)0);
            to.Write((short)(packed ? 8 : 0));
            to.Write(0x00210000); // 1980-01-01
            to.Write(sum);
            to.Write(InExtra);
            to.Write(InExtra);
            to.Write((short)path.Length);
        }

        void Sizes(short length)
        {
            to.Write((short)1);
            to.Write(length);
            to.Write(content);
            to.Write((long)stored.Length);
        }
    }

    // Checksum, length and packed bytes of a text, out of an ordinary archive.
    private static (uint Sum, long Length, byte[] Stored) Packed(string text, bool packed)
    {
        var content = Encoding.UTF8.GetBytes(text);
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var to = archive.CreateEntry("x").Open();
            to.Write(content);
        }

        using var again = new ZipArchive(bytes, ZipArchiveMode.Read);
        if (!packed) return (again.Entries[0].Crc32, content.Length, content);
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal)) deflate.Write(content);
        return (again.Entries[0].Crc32, content.Length, deflated.ToArray());
    }
}
