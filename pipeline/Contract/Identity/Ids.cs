using Streaming.Common.Escaping;

namespace Streaming.Contract.Identity;

/// <summary>Which texts are ids. The decoder and the ops API share the rule, so that every accepted id can be looked up.</summary>
public static class Ids
{
    /// <summary>
    /// True for a text that can be shown and put into an address: at least one character, none of them a control character, an invisible
    /// character or a line end, and not <c>.</c> or <c>..</c>, which a URL cannot hold. Bytes that are not UTF-8 are no id. The field sets
    /// the longest length.
    /// </summary>
    public static bool IsId(ReadOnlySpan<byte> utf8) =>
        !utf8.IsEmpty && !utf8.SequenceEqual("."u8) && !utf8.SequenceEqual(".."u8) && !Unprintable.IsIn(utf8);

    /// <summary>True for a member's id: <see cref="IsId"/>, and at most <see cref="Members.Member.MaxIdCharacters"/> characters.</summary>
    public static bool IsMember(ReadOnlySpan<byte> utf8) => IsId(utf8) && !Characters.Exceed(utf8, Members.Member.MaxIdCharacters);
}
