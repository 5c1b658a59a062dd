using System.Text;

namespace Streaming.Replay.Reading;

/// <summary>Encodings by name, strict: a byte that is not valid is an error and never becomes a question mark. Thread-safe.</summary>
internal static class Encodings
{
    private static readonly (byte[] Mark, string Name)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE, 0, 0], "utf-32"), ([0, 0, 0xFE, 0xFF], "utf-32BE"), ([0xFF, 0xFE], "utf-16"),
            ([0xFE, 0xFF], "utf-16BE"), ([0x84, 0x31, 0x95, 0x33], "gb18030"),
    ];

    /// <summary>The encoding of that name, or null.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null; // the caller says so, with the setting's name
        }
    }

    /// <summary>The encoding of a text by its byte-order mark and the mapping; <paramref name="mark"/> is the mark's length.</summary>
    /// <exception cref="ReplayFileException">The mark contradicts the mapping.</exception>
    public static Encoding Of(string file, ReadOnlySpan<byte> head, string wanted, out int mark)
    {
        mark = 0;
        var named = wanted.Length == 0 ? null : Find(wanted);
        foreach (var (bytes, name) in Marks)
        {
            if (!head.StartsWith(bytes)) continue;
            var marked = Find(name)!;
            if (named is not null && named.CodePage != marked.CodePage)
                throw new ReplayFileException($"{file} begins with the byte-order mark of {name}, but the mapping says encoding: " +
                    $"{wanted}.");
            mark = bytes.Length;
            return marked;
        }

        return named ?? Find("utf-8")!;
    }
}
