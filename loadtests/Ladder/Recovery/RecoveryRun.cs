using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Streaming.Common.CommandLine;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Kafka.Client;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Ladder.Grains;
using Streaming.Loadtests.Ladder.Reports;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Loadtests.Ladder.Recovery;

/// <summary>What a recovery is measured on. The database is emptied; the broker must have none of the pipeline's topics.</summary>
/// <param name="Members">Members in the database.</param>
/// <param name="Postgres">Connection string.</param>
/// <param name="Kafka">HOST:PORT.</param>
/// <param name="ClickHouse">URL.</param>
/// <param name="Report">Markdown file for the figures, or null for the terminal alone.</param>
internal sealed record RecoveryOptions(int Members, string Postgres, string Kafka, string ClickHouse, string? Report);

/// <summary>How long it takes after a silo's death until every member answers to events again: two silos, one of them killed.</summary>
internal static class RecoveryRun
{
    private const int Buckets = 32, Asked = 200;
    private static readonly string[] Topics = [.. new InputTopics("").Names.Union(OutputTopics.Names(""), StringComparer.Ordinal)];

    public static async Task<int> RunAsync(RecoveryOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        MarkdownReport.Check(options.Report);
        await MeasuredDatabase.CheckAsync(options.Postgres, stop);
        var kafka = await ExistingKafka.ReachAsync(options.Kafka, stop);
        var clickhouse = await ExistingClickHouse.ReachAsync(options.ClickHouse, stop);
        using var admin = new AdminClientBuilder(kafka.Admin()).Build();
        if (admin.GetMetadata(TimeSpan.FromSeconds(20)).Topics.Select(t => t.Topic).Intersect(Topics).FirstOrDefault() is { } taken)
        {
            throw new CommandException($"--kafka has a topic {taken} already, with which the run's events would mix: give a broker of " +
                "its own.", 2);
        }

        await using var source = PostgresSettings.Open(options.Postgres);
        await MeasuredDatabase.EmptyAsync(source, stop);
        var run = RunNames.NewRun();
        (string, string)[] settings =
        [
            ("Storage__Postgres", options.Postgres), ("PseudonymKey", "00112233445566778899aabbccddeeff"),
            ("Silo__Port", "0"), ("Silo__DeadAfter", "00:00:06"), ("Ops__Port", "0"),
            ("Members__Buckets", $"{Buckets}"), ("Sending__Lease", "00:00:30"),
            ("Kafka__Bootstrap", options.Kafka), ("Kafka__Partitions", "6"),
            ("ClickHouse__Url", clickhouse.Url), ("ClickHouse__User", clickhouse.User), ("ClickHouse__Password", clickhouse.Password),
            ("ClickHouse__Database", RunNames.Database(run)),
        ];
        try
        {
            var took = await MeasureAsync(options, settings, kafka, stop);
            var asked = Math.Min(Asked, options.Members);
            var report = RecoveryReport.Write(options.Members, asked, took, Machine.Read(AppContext.BaseDirectory), arguments);
            return await MarkdownReport.SayAsync(report, options.Report, stop);
        }
        finally
        {
            await RunLeftovers.RemoveDatabaseAsync(options.ClickHouse, run);
            var made = admin.GetMetadata(TimeSpan.FromSeconds(20)).Topics.Select(t => t.Topic).Intersect(Topics).ToList();
            if (made.Count > 0) await admin.DeleteTopicsAsync(made);
        }
    }

    /// <summary>From the kill until each member that is asked has applied an event sent after it.</summary>
    private static async Task<TimeSpan> MeasureAsync(
        RecoveryOptions options, (string, string)[] settings, KafkaSettings kafka, CancellationToken stop)
    {
        await using var first = await SiloChild.StartAsync(settings, stop);
        await using var second = await SiloChild.StartAsync(settings, stop);
        var began = Stopwatch.GetTimestamp();
        await MemberFill.RunAsync(options.Postgres, options.Members, Buckets, stop);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Members:N0} members written in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"));
        using var producer = new ProducerBuilder<string, string>(kafka.Producer()).SetLogHandler((_, _) => { }).Build();
        await SendAsync(producer, "before", options.Members, stop);
        await AppliedAsync(first, options.Members, 2, stop);

        await second.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await SendAsync(producer, "after", options.Members, stop);
        await AppliedAsync(first, options.Members, 3, stop);
        return Stopwatch.GetElapsedTime(killed);
    }

    private static async Task SendAsync(IProducer<string, string> producer, string turn, int members, CancellationToken stop)
    {
        for (var i = 0; i < Math.Min(Asked, members); i++)
        {
            var id = $"{turn}{i}";
            var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var member = MemberFill.Id(i);
            var json = JsonSerializer.Serialize(new { id, member, at, kind = "paid", order = id, amount = "1.00", currency = "EUR" });
            producer.Produce("purchases", new Message<string, string> { Key = member, Value = json });
        }

        await Task.Run(() => producer.Flush(stop), stop);
    }

    private static async Task AppliedAsync(SiloChild silo, int members, int payments, CancellationToken stop)
    {
        for (var i = 0; i < Math.Min(Asked, members); i++) await silo.AppliedAsync(MemberFill.Id(i), payments, stop);
    }
}
