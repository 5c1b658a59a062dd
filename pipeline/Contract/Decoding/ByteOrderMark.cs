namespace Streaming.Contract.Decoding;

/// <summary>The mark that some programs write before UTF-8. It carries no information and is skipped.</summary>
internal static class ByteOrderMark
{
    /// <summary>How many bytes it takes at the beginning of a text: 3, or 0 for none.</summary>
    public static int Of(ReadOnlySpan<byte> text) => text.StartsWith("\uFEFF"u8) ? 3 : 0;
}
