using Streaming.Common.Settings;

namespace Streaming.Engine.Shards;

/// <summary>How the shards use memory and how soon they write snapshots.</summary>
public sealed class ShardSettings
{
    /// <summary>Shards, each with one thread. 0 = one per processor, at most 16. Range 0-64. Default 0. May differ from one start to the
    /// next.</summary>
    public int Shards { get; set; }

    /// <summary>Decoded members kept in memory, all shards together. 0 (the default) = 1/32 of the memory this process may use, at 3 KiB a
    /// member: at least 20,000 and at most 1,000,000 members. Range 0, 1,000-10,000,000.</summary>
    public int CachedMembers { get; set; }

    /// <summary>Batches and queries a shard's mailbox holds. Default 64; range 4-1,024.</summary>
    public int Mailbox { get; set; } = 64;

    /// <summary>Up to this many changed members, snapshots are written with every commit. Default 256 per shard; range 0-100,000.</summary>
    public int FewDirty { get; set; } = 256;

    /// <summary>Above that, a changed member is written once it has been changed for this long. Default one minute; range
    /// 0 to 10 minutes. Longer: fewer writes, a longer recovery.</summary>
    public TimeSpan SnapshotAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>MiB of records read since a member changed after which its snapshot is written. Bounds what a recovery applies again; about
    /// twice as much is kept on disk for it. Default 640, some four million records of 160 bytes; range 1-65,536. At most a quarter of
    /// SpoolLimit of Commit takes effect, because intake would wait for snapshots otherwise.</summary>
    public int SnapshotMiB { get; set; } = 640;

    /// <summary>Snapshots written with one commit, per shard. Default 1,000; range 10-100,000; four times as many when more than half the
    /// cache is
    /// changed members, and all above that half.</summary>
    public int SnapshotsPerBatch { get; set; } = 1_000;

    /// <summary>Wakes acted on after one segment, per shard; the rest follow with the next
    /// batch. Default 5,000; at least 1. A replay has no such limit.</summary>
    public int WakesPerSegment { get; set; } = 5_000;

    /// <summary>The number of shards in force.</summary>
    public int EffectiveShards => Shards > 0 ? Shards : Math.Clamp(Environment.ProcessorCount, 1, 16);

    /// <summary>The number of members in memory in force.</summary>
    public int EffectiveCachedMembers => CachedMembers > 0 ? CachedMembers
        : (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 32 / (3 << 10), 20_000, 1_000_000);

    /// <summary>The bytes of <see cref="SnapshotMiB"/> in force.</summary>
    /// <param name="spoolLimit">What may wait on disk, bytes.</param>
    public long EffectiveSnapshotBytes(long spoolLimit) => Math.Min((long)SnapshotMiB << 20, spoolLimit / 4);

    /// <summary>Adds a sentence for every value out of range.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Check(Shards is >= 0 and <= 64, nameof(Shards), Shards, "0 (one per processor) to 64");
        Check(CachedMembers is 0 or (>= 1_000 and <= 10_000_000), nameof(CachedMembers), CachedMembers,
            "0 (by memory) or 1000 to 10000000");
        Check(Mailbox is >= 4 and <= 1_024, nameof(Mailbox), Mailbox, "4 to 1024");
        Check(FewDirty is >= 0 and <= 100_000, nameof(FewDirty), FewDirty, "0 to 100000");
        errors.Within($"{path}:{nameof(SnapshotAge)}", SnapshotAge, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Check(SnapshotMiB is >= 1 and <= 65_536, nameof(SnapshotMiB), SnapshotMiB, "1 to 65536 (MiB)");
        Check(SnapshotsPerBatch is >= 10 and <= 100_000, nameof(SnapshotsPerBatch), SnapshotsPerBatch, "10 to 100000");
        Check(WakesPerSegment is >= 1 and <= int.MaxValue, nameof(WakesPerSegment), WakesPerSegment, "1 or more");

        void Check(bool ok, string name, long value, string range)
        {
            if (!ok) errors.Add($"{path}:{name} is {value}; it must be {range}.");
        }
    }
}
