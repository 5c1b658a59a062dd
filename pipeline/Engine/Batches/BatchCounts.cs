using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Engine.Batches;

/// <summary>What happened to the records of one batch in one shard.</summary>
public sealed class BatchCounts
{
    /// <summary>Events applied, by kind number.</summary>
    public long[] Applied { get; } = new long[EventKinds.Count];

    /// <summary>Rejects by reason number.</summary>
    public long[] Rejected { get; } = new long[byte.MaxValue + 1];

    /// <summary>Events that were applied although some of their facts were invalid and left out, by the bit of <see
    /// cref="FactWarnings"/>.</summary>
    public long[] Warned { get; } = new long[FactWarningNames.Count];

    /// <summary>Events whose id was seen before.</summary>
    public long Duplicates { get; set; }

    /// <summary>Wakes that acted.</summary>
    public long Wakes { get; set; }

    /// <summary>Effects of any kind.</summary>
    public long Effects { get; set; }

    /// <summary>Members known in memory after the batch, changed but not yet in a snapshot, and put aside.</summary>
    public (int Cached, int Dirty, int Aside) Members { get; set; }

    /// <summary>Counts one reject.</summary>
    public void Reject(RejectReason reason) => Rejected[(int)reason]++;

    /// <summary>Counts the facts of one event that were left out.</summary>
    public void Warn(FactWarnings warnings)
    {
        for (var rest = (uint)warnings; rest != 0; rest &= rest - 1) Warned[System.Numerics.BitOperations.TrailingZeroCount(rest)]++;
    }

    /// <summary>Back to zero.</summary>
    public void Clear()
    {
        Array.Clear(Applied);
        Array.Clear(Rejected);
        Array.Clear(Warned);
        Duplicates = Wakes = Effects = 0;
        Members = default;
    }
}
