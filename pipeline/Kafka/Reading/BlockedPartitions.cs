using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Sources;

namespace Streaming.Kafka.Reading;

/// <summary>Partitions that hold bytes no client can read (a damaged batch, a compression it does
/// not know): the others go on, and these are tried again every five seconds.</summary>
/// <remarks>No record is skipped automatically: only an operator skips one (<c>streaming skip</c>). Used by the intake's thread
/// alone.</remarks>
internal sealed class BlockedPartitions(SourceStatus status, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(5);
    private readonly Dictionary<TopicPartition, (BlockedPartition What, long TriedAt)> blocked = [];

    /// <summary>True when one of them is to be tried again.</summary>
    public bool Due => blocked.Count > 0 && blocked.Values.Any(b => IsDue(b.TriedAt));

    /// <summary>True for an error that is about the bytes of a record, and comes again however often they are read.</summary>
    public static bool IsAboutBytes(ErrorCode code) =>
        code is ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression or ErrorCode.Local_NotImplemented
        or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord or ErrorCode.UnsupportedCompressionType;

    /// <summary>The record at the current position cannot be read.</summary>
    public void Failed(TopicPartition at, long offset, string reason)
    {
        var known = blocked.TryGetValue(at, out var b) && b.What.Offset == offset ? b.What : null;
        var since = clock.GetUtcNow().ToUnixTimeMilliseconds();
        blocked[at] = (known ?? new BlockedPartition(at.Topic, at.Partition.Value, offset, since, reason), clock.GetTimestamp());
        if (known is not null) return;
        log.PartitionBlocked(at.Topic, at.Partition.Value, offset, TryEvery.TotalSeconds, reason);
        Tell();
    }

    /// <summary>True while a partition is not to be tried yet.</summary>
    public bool Waits(TopicPartition at) => blocked.TryGetValue(at, out var b) && !IsDue(b.TriedAt);

    /// <summary>Something was read from a partition.</summary>
    public void Read(PartitionState partition)
    {
        if (blocked.Count == 0 || !blocked.Remove(new TopicPartition(partition.Topic, partition.Partition))) return;
        Tell();
    }

    private bool IsDue(long triedAt) => clock.GetElapsedTime(triedAt) > TryEvery;

    private void Tell() => status.Blocked = [.. blocked.Values.Select(b => b.What)];
}
