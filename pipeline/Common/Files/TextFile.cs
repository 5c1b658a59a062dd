using System.Text;

namespace Streaming.Common.Files;

/// <summary>Files of text that people write: read up to a size limit, and only from regular files.</summary>
public static class TextFile
{
    /// <summary>Reads a file whole. Symbolic links are followed. UTF-8, or what its byte-order mark says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes it may have.</param>
    /// <exception cref="IOException">It is no regular file (a pipe or device would be waited for without end), is larger, is not there or
    /// cannot be read; the message says which of these, and the caller which file.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static string Read(string path, int most)
    {
        FileKinds.RequireRegular(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var bytes = new MemoryStream();
        var part = new byte[Math.Min(most, 1 << 16)];
        for (int read; (read = file.Read(part)) > 0;)
        {
            bytes.Write(part.AsSpan(0, read));
            if (bytes.Length > most) throw new IOException($"It is larger than {most} bytes, which is the most that is read.");
        }

        bytes.Position = 0;
        using var text = new StreamReader(bytes, Encoding.UTF8);
        return text.ReadToEnd();
    }
}
