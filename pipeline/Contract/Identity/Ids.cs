using Streaming.Common.Escaping;

namespace Streaming.Contract.Identity;

/// <summary>What may be an id: one rule for the decoder, which refuses others, and for
/// the API, by which every accepted one can be read.</summary>
public static class Ids
{
    /// <summary>
    /// True for a text that can be shown and put into an address: at least one character, none of them a control character, invisible or a
    /// line's end, and not <c>.</c> or <c>..</c>, which an address cannot hold. Not UTF-8 is no id. How long it may be is said by its
    /// field.
    /// </summary>
    public static bool IsId(ReadOnlySpan<byte> utf8) =>
        !utf8.IsEmpty && !utf8.SequenceEqual("."u8) && !utf8.SequenceEqual(".."u8) && !Unprintable.IsIn(utf8);

    /// <summary>True for a member's id: <see cref="IsId"/>, and at most <see cref="Members.Member.MaxIdCharacters"/> characters.</summary>
    public static bool IsMember(ReadOnlySpan<byte> utf8) => IsId(utf8) && !Characters.Exceed(utf8, Members.Member.MaxIdCharacters);
}
