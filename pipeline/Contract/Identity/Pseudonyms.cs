using System.Security.Cryptography;
using Streaming.Members;
using Streaming.Members.Events;

namespace Streaming.Contract.Identity;

/// <summary>A member's name in ClickHouse: the first 128 bits of HMAC-SHA256 over the member id.</summary>
/// <remarks>
/// Without the key nobody can tell whether a guessed id belongs to a pseudonym. The key is made once and belongs to the backup:
/// with another key every member would appear a second time in ClickHouse.
/// Not thread-safe: one per shard.
/// </remarks>
public sealed class Pseudonyms
{
    /// <summary>Bytes of a pseudonym; twice as many hex digits as text.</summary>
    public const int Length = 16;

    /// <summary>The shortest key accepted, in bytes.</summary>
    public const int MinKeyLength = 16;

    private readonly IncrementalHash keyed; // takes half the time of HMACSHA256.HashData, which looks up the algorithm at every call
    private readonly byte[] hash = new byte[HMACSHA256.HashSizeInBytes];

    /// <summary>Pseudonyms under one key.</summary>
    /// <exception cref="ArgumentException">The key is shorter than <see cref="MinKeyLength"/>.</exception>
    public Pseudonyms(byte[] key)
    {
        if (key.Length < MinKeyLength)
        {
            throw new ArgumentException($"The pseudonym key has {key.Length} bytes; at least {MinKeyLength} are needed.", nameof(key));
        }
        keyed = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    }

    /// <summary>Adds a sentence when a key given as hex cannot be used; the setting is <c>PseudonymKey</c>.</summary>
    public static void ValidateKey(string hex, ICollection<string> errors)
    {
        if (hex.Length < MinKeyLength * 2 || hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit))
        {
            errors.Add($"PseudonymKey must be an even number of hex digits, at least {MinKeyLength * 2}.");
        }
    }

    /// <summary>The pseudonym's bytes. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(Text member)
    {
        keyed.AppendData(member.Span);
        keyed.GetHashAndReset(hash);
        return hash.AsSpan(0, Length);
    }

    /// <summary>The pseudonym as ClickHouse shows it: 32 lower-case hex digits. Allocates.</summary>
    public string Hex(Text member) => Convert.ToHexStringLower(Of(member));
}
