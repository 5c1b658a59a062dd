using System.Globalization;
using System.Security.Cryptography;
using Streaming.Engine.Storing;
using Streaming.Members.Profiles;

namespace Streaming.Engine.Commits;

/// <summary>The identity of one store: its generation in ClickHouse and its pseudonym key.</summary>
/// <param name="Writer">Numbers its blocks.</param>
/// <param name="PseudonymKey">32 bytes; made once, kept in <c>pseudonym.key</c> (mode 0600) or given, and part of every backup.</param>
public sealed record StoreIdentity(WriterIdentity Writer, byte[] PseudonymKey)
{
    private const string GenerationFact = "generation";
    private const string ZonesFact = "zones";
    private const string KeyCheckFact = "pseudonym.check";

    /// <summary>Reads the identity of a store, or draws one for a new store.</summary>
    /// <param name="key">The pseudonym key, 16 bytes or more.</param>
    /// <param name="writer">Who numbers the blocks.</param>
    /// <exception cref="StoreException">The key is not the one the store was made with.</exception>
    public static StoreIdentity Of(IFacts facts, byte[] key, string writer)
    {
        var drawn = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() << 16 | BitConverter.ToUInt16(RandomNumberGenerator.GetBytes(2));
        var generation = facts[GenerationFact] ?? facts.Draw(GenerationFact, drawn.ToString(CultureInfo.InvariantCulture));

        // Local days depend on the zone data of the build: a history that is to be read again exactly needs the same.
        if (facts[ZonesFact] != Zones.Version) facts.Set((ZonesFact, Zones.Version));

        var check = Convert.ToHexStringLower(SHA256.HashData([.. "streaming pseudonym key"u8, .. key]))[..16];
        if (facts.Draw(KeyCheckFact, check) != check)
        {
            throw new StoreException("The pseudonym key is not the one this store was made with: every member would appear twice in " +
                "ClickHouse. Bring back that key (pseudonym.key in a backup of the data directory, or the setting PseudonymKey), or " +
                "start with an empty store.", false);
        }

        return new StoreIdentity(new WriterIdentity(ulong.Parse(generation, CultureInfo.InvariantCulture), writer), key);
    }
}
