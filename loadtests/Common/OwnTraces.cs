using Confluent.Kafka;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Sinks.ClickHouse;

namespace Streaming.Loadtests;

/// <summary>Removes what a run made on somebody's Kafka and in somebody's ClickHouse; says what it could not remove, for a person to do it.</summary>
internal static class OwnTraces
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(20);

    /// <summary>Deletes every topic whose name begins with the prefix. There is no other state: positions stand in the run's own store, no group commits any.</summary>
    public static async Task RemoveTopicsAsync(string kafka, string prefix)
    {
        try
        {
            KafkaNative.Load();
            using var admin = new AdminClientBuilder(new KafkaSettings { Bootstrap = kafka }.Admin()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            var topics = admin.GetMetadata(Answer).Topics.Select(t => t.Topic).Where(t => t.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            if (topics.Count > 0) await admin.DeleteTopicsAsync(topics);
        }
        catch (KafkaException e)
        {
            await Console.Error.WriteLineAsync($"The topics {prefix}* could not be removed from {kafka} and are left there: {e.Error.Reason}");
        }
    }

    /// <summary>Drops the run's database.</summary>
    public static async Task RemoveDatabaseAsync(string clickhouse, string database)
    {
        try
        {
            using var client = new ClickHouseClient(new ClickHouseSettings { Url = clickhouse });
            await client.QueryAsync($"DROP DATABASE IF EXISTS {database}", database: "default");
        }
        catch (ClickHouseException e)
        {
            await Console.Error.WriteLineAsync($"The database {database} could not be dropped at {clickhouse} and is left there: {e.Message}");
        }
    }
}
