using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contract.Records;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;
using Streaming.TestKit;

namespace Streaming.Faults.Sources;

/// <summary>Live sources over a broker of a test.</summary>
internal static class LiveSources
{
    /// <summary>A source of the contract's topics.</summary>
    /// <param name="kafka">The broker.</param>
    /// <param name="identity">Tells its logs from others.</param>
    /// <param name="limits">What a batch may hold; null for the defaults.</param>
    /// <param name="head">What the store holds; null for a new one.</param>
    /// <param name="clock">The machine's clock; null for the system's.</param>
    public static IBatchSource Of(
        EmbeddedKafka kafka, ITopicIdentity identity, CommitSettings? limits = null, StoreHead? head = null, TimeProvider? clock = null)
    {
        var settings = new KafkaSettings { Bootstrap = kafka.BootstrapServers };
        head ??= new StoreHead();
        clock ??= TimeProvider.System;
        var watch = new PartitionWatch(settings, new InputTopics(""), identity, head, clock, NullLogger.Instance);
        var source = new KafkaSource(settings, watch, limits ?? new CommitSettings(), NullLogger.Instance);
        return new LiveSource(source, head.Now, clock);
    }
}
