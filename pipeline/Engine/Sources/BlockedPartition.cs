using System.Globalization;

namespace Streaming.Engine.Sources;

/// <summary>A partition whose next record the Kafka client cannot deliver.</summary>
/// <param name="Topic">Full name of the topic.</param>
/// <param name="Partition">Partition number.</param>
/// <param name="Offset">The offset that cannot be read.</param>
/// <param name="Since">Since when, epoch milliseconds.</param>
/// <param name="Reason">What the client says.</param>
public sealed record BlockedPartition(string Topic, int Partition, long Offset, long Since, string Reason)
{
    /// <summary>Where it is: <c>topic/partition@offset</c>.</summary>
    public string At => string.Create(CultureInfo.InvariantCulture, $"{Topic}/{Partition}@{Offset}");
}
