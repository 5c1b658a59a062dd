using Confluent.Kafka;
using Streaming.ClickHouse.Client;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>What runs made on somebody's Kafka and in somebody's ClickHouse, known by its
/// names (<see cref="RunNames"/>): finding and removing it.</summary>
/// <remarks>There is nothing else: positions stand in the run's own store, no group commits any.</remarks>
public static class RunLeftovers
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(20);

    /// <summary>The topics of runs, each with its run.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public static IReadOnlyList<(string Run, string Name)> Topics(string kafka)
    {
        using var admin = Admin(kafka);
        return Of(admin.GetMetadata(Answer).Topics.Select(t => t.Topic), RunNames.OfTopic);
    }

    /// <summary>The databases of runs, each with its run.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not answer.</exception>
    public static async Task<IReadOnlyList<(string Run, string Name)>> DatabasesAsync(string clickhouse)
    {
        using var client = new ClickHouseClient(ExistingClickHouse.At(clickhouse));
        var names = await client.QueryAsync("SELECT name FROM system.databases", database: "default");
        return Of(names.Split('\n', StringSplitOptions.RemoveEmptyEntries), RunNames.OfDatabase);
    }

    /// <summary>Deletes the topics of a run and says which they were.</summary>
    /// <exception cref="KafkaException">They could not be deleted, or not all.</exception>
    public static async Task<IReadOnlyList<string>> RemoveTopicsAsync(string kafka, string run)
    {
        var topics = Topics(kafka).Where(t => t.Run == run).Select(t => t.Name).ToList();
        if (topics.Count == 0) return topics;
        using var admin = Admin(kafka);
        await admin.DeleteTopicsAsync(topics);
        return topics;
    }

    /// <summary>Drops the database of a run.</summary>
    /// <exception cref="ClickHouseException">It could not be dropped.</exception>
    public static async Task RemoveDatabaseAsync(string clickhouse, string run)
    {
        using var client = new ClickHouseClient(ExistingClickHouse.At(clickhouse));
        await client.QueryAsync($"DROP DATABASE IF EXISTS {RunNames.Database(run)}", database: "default");
    }

    private static List<(string Run, string Name)> Of(IEnumerable<string> names, Func<string, string?> run) =>
        [.. names.Where(n => run(n) is not null).Select(n => (run(n)!, n)).Order()];

    private static IAdminClient Admin(string kafka)
    {
        return new AdminClientBuilder(ExistingKafka.At(kafka).Admin()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }
}
