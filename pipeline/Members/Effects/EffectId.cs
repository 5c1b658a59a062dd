using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Streaming.Members.Effects;

/// <summary>The id of an effect. It is the same each time its cause is read, so that a consumer can drop repeats.</summary>
/// <remarks>
/// First 16 bytes of SHA-256 over the kind's number, member id, rule, cause and ordinal, each text behind its length, as 32 hex digits.
/// The ordinal tells apart what one cause and one rule did more than once. Changing any of this is a change of contract.
/// Thread-safe; allocates nothing for ids of ordinary length.
/// </remarks>
public static class EffectId
{
    /// <summary>Bytes of an id as text.</summary>
    public const int Length = 32;

    private const int OnStack = 1024;

    /// <summary>Writes the id of <paramref name="effect"/> as lower-case hex digits into the first
    /// <see cref="Length"/> bytes of <paramref name="to"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="to"/> is shorter than <see cref="Length"/>.</exception>
    public static void Write(Span<byte> to, Text member, in Effect effect) =>
        Write(to, effect.Kind, member.Span, effect.Rule, effect.Cause.Span, effect.Ordinal);

    /// <summary>Writes the id of the effect that has these parts.</summary>
    /// <inheritdoc cref="Write(Span{byte}, Text, in Effect)"/>
    public static void Write(Span<byte> to, EffectKind kind, ReadOnlySpan<byte> member, string rule, ReadOnlySpan<byte> cause, int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to.Length, Length);
        var size = 1 + 4 + member.Length + 4 + Encoding.UTF8.GetMaxByteCount(rule.Length) + 4 + cause.Length + 4;
        byte[]? rented = null;
        var bytes = size <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(size);

        bytes[0] = (byte)kind;
        var at = Put(bytes, 1, member);
        var ruleLength = Encoding.UTF8.GetBytes(rule, bytes[(at + 4)..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], ruleLength);
        at = Put(bytes, at + 4 + ruleLength, cause);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], ordinal);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..(at + 4)], hash);
        Convert.TryToHexStringLower(hash[..(Length / 2)], to, out _);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
    }

    private static int Put(Span<byte> to, int at, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to[at..], text.Length);
        text.CopyTo(to[(at + 4)..]);
        return at + 4 + text.Length;
    }
}
