using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contract.Records;

namespace Streaming.Kafka.Client;

/// <summary>Creates the topics that are missing.</summary>
public static class TopicSetup
{
    /// <summary>Largest message in <c>dead-letters</c>, in bytes: twice a broker's default limit, so that the largest input fits with the
    /// headers of a dead letter.</summary>
    public const int DeadLetterBytes = 2_097_152;

    // A broker that has just started may answer slowly.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    // A broker names its controller with its first answer, unless it has none.
    private static readonly TimeSpan ControllerWithin = TimeSpan.FromSeconds(5);

    /// <summary>Creates what is missing; topics that exist are left as they are.</summary>
    /// <exception cref="KafkaException">The broker refuses or does not answer.</exception>
    /// <exception cref="TopicsMissingException">Some are missing, and the broker has no controller that makes topics, as the
    /// mock.</exception>
    public static async Task EnsureAsync(IAdminClient admin, IReadOnlyList<string> topics, int partitions)
    {
        var there = Existing(admin);
        var missing = topics.Where(t => !there.Contains(t)).Select(t => new TopicSpecification
        {
            Name = t,
            NumPartitions = partitions,
            Configs = Configuration(t),
        }).ToList();
        if (missing.Count == 0) return;
        var controller = NativeClient.Controller(admin, ControllerWithin);
        if (admin.GetMetadata(AnswerWithin).Brokers.All(broker => broker.BrokerId != controller))
        {
            AskByName(admin, missing, partitions);
            return;
        }

        try
        {
            await admin.CreateTopicsAsync(missing, new CreateTopicsOptions { RequestTimeout = AnswerWithin });
        }
        catch (CreateTopicsException e) when (e.Results.All(r => !r.Error.IsError || r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // another client was first
        }
    }

    /// <summary>The mock names a controller that is none of its brokers; it may make a topic that is asked about. A real broker is never
    /// asked so: it would make the topic with its own defaults.</summary>
    private static void AskByName(IAdminClient admin, List<TopicSpecification> missing, int partitions)
    {
        foreach (var topic in missing) admin.GetMetadata(topic.Name, AnswerWithin);
        var there = Existing(admin);
        string[] without = [.. missing.Select(topic => topic.Name).Where(name => !there.Contains(name))];
        if (without.Length > 0) throw new TopicsMissingException(without, partitions);
    }

    private static HashSet<string> Existing(IAdminClient admin) => admin.GetMetadata(AnswerWithin).Topics
        .Where(topic => !topic.Error.IsError).Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);

    /// <summary>A replay's records carry the data's own times, years ago: a broker would drop them by age at once.</summary>
    private static Dictionary<string, string> Configuration(string topic)
    {
        var configuration = new Dictionary<string, string>(StringComparer.Ordinal);
        if (topic.EndsWith("dead-letters", StringComparison.Ordinal)) configuration["max.message.bytes"] = "2097152";
        if (topic.StartsWith(InputTopics.ReplayPrefix, StringComparison.Ordinal)) configuration["retention.ms"] = "-1";
        return configuration;
    }
}
