namespace Streaming.Contract.Decoding;

/// <summary>What a JSON value begins as.</summary>
internal enum JsonType : byte
{
    /// <summary>Not a value: malformed, or an error came before.</summary>
    Invalid,
    Object, Array, String, Number, True, False, Null,
}
