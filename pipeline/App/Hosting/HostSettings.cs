using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Commits;
using Streaming.Engine.Shards;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;

namespace Streaming.App.Hosting;

/// <summary>Every setting of a pipeline on one machine. Sections of appsettings.json, environment
/// (<c>STREAMING__Host__Kafka__Bootstrap</c>) and command line.</summary>
public sealed record HostSettings
{
    /// <summary>Kafka.</summary>
    public KafkaSettings Kafka { get; init; } = new();

    /// <summary>ClickHouse.</summary>
    public ClickHouseSettings ClickHouse { get; init; } = new();

    /// <summary>When rows become blocks.</summary>
    public BlockSettings Blocks { get; init; } = new();

    /// <summary>What happens when ClickHouse does not take a block.</summary>
    public SenderSettings Sender { get; init; } = new();

    /// <summary>Shards, their memory and their snapshots.</summary>
    public ShardSettings Shards { get; init; } = new();

    /// <summary>Commits.</summary>
    public CommitSettings Commit { get; init; } = new();

    /// <summary>How much of what was refused for good is kept.</summary>
    public ParkedSettings Parked { get; init; } = new();

    /// <summary>Every error in every section, at once.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Kafka.Validate("Kafka", errors);
        ClickHouse.Validate("ClickHouse", errors);
        Blocks.Validate("Blocks", errors);
        Sender.Validate("Sender", errors);
        Shards.Validate("Shards", errors);
        Commit.Validate("Commit", errors);
        Parked.Validate("Parked", errors);
        return errors;
    }
}
