using Streaming.Engine.Storing;
using Streaming.Members.Rules;

namespace Streaming.Grains.Storage;

/// <summary>The rules as the database has them: those in force, and every one that members were settled under. Thread-safe.</summary>
public interface IClusterRules
{
    /// <summary>The rules in force, as far as this silo knows. Silos may differ for a moment:
    /// a member is brought from one to the other and back.</summary>
    RuleSet Current { get; }

    /// <summary>Makes rules known, reading from the database those that are not.</summary>
    /// <exception cref="StoreException">The database is away, or refers to rules it does not hold.</exception>
    ValueTask KnowAsync(IEnumerable<ulong> hashes, CancellationToken cancel);

    /// <summary>Rules made known before.</summary>
    RuleSet Find(ulong hash);
}
