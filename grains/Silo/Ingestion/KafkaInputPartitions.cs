using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Grains.Storage;
using Streaming.Grains.Wakes;
using Streaming.Kafka.Reading;

namespace Streaming.Silo.Ingestion;

/// <summary>What the broker says there is to read: asked again every <see cref="AskEvery"/>,
/// and before each assignment. Thread-safe.</summary>
internal sealed class KafkaInputPartitions(IAdminClient admin, ITopicIdentity identity, InputTopics topics,
    ILogger<KafkaInputPartitions> log)
    : BackgroundService, IInputPartitions
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private volatile Known known = new([], new Dictionary<string, string>(), long.MinValue);

    /// <inheritdoc/>
    public (IReadOnlyCollection<InputPartition> All, long AskedAt) Now => known is var now ? (now.All, now.AskedAt) : default;

    /// <summary>The identity of a topic's log when it was last asked for; null before.</summary>
    public string? IdOf(string topic) => known.Ids.GetValueOrDefault(topic);

    /// <summary>Asks now.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        var askedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        // A broker without ids of its own gives all topics the same one: with its name before it, each is told from the others.
        var ids = (await identity.ReadAsync(topics.Names, cancel)).ToDictionary(t => t.Key, t => $"{t.Key}:{t.Value}",
            StringComparer.Ordinal);
        var counts = (await Task.Run(() => admin.GetMetadata(AnswerWithin), cancel)).Topics.ToDictionary(t => t.Topic,
            t => t.Partitions.Count, StringComparer.Ordinal);
        // nothing is proven while a topic is missing
        var complete = topics.Names.All(t => ids.ContainsKey(t) && counts.GetValueOrDefault(t) > 0);
        var all = complete ? topics.Names.SelectMany(t => Enumerable.Range(0, counts[t]).Select(p => new InputPartition(ids[t], p)))
            .ToList() : [];
        known = new Known(all, ids, askedAt);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(AskEvery);
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (KafkaException e)
            {
                log.PartitionsUnknown(AskEvery.TotalSeconds, e.Error.Reason);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private sealed record Known(IReadOnlyCollection<InputPartition> All, IReadOnlyDictionary<string, string> Ids, long AskedAt);
}
