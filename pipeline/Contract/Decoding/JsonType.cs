namespace Streaming.Contract.Decoding;

/// <summary>The type of a JSON value, judged by its first byte.</summary>
internal enum JsonType : byte
{
    /// <summary>Not a value: malformed, or an error came before.</summary>
    Invalid,
    Object, Array, String, Number, True, False, Null,
}
