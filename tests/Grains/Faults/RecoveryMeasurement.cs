using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Streaming.Engine.Rules;
using Streaming.Grains.Storage;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;
using Streaming.Silo.Storage.Postgres;
using Streaming.TestKit;
using Xunit.Abstractions;

namespace Streaming.Grains.Tests.Faults;

/// <summary>
/// How long it takes after a silo's death until every member answers to events again. A measurement, made when asked for:
/// <c>STREAMING_MEASURE=1000000 dotnet test tests/Grains -c Release --filter FullyQualifiedName~RecoveryMeasurement --logger
/// "console;verbosity=detailed"</c>.
/// </summary>
public sealed class RecoveryMeasurement(ITestOutputHelper output)
{
    private const int Buckets = 32, Asked = 200, PerCommit = 5_000;

    [SkippableFact]
    public async Task Members_answer_again_after_a_kill()
    {
        var members = int.Parse(Environment.GetEnvironmentVariable("STREAMING_MEASURE") ?? "0", CultureInfo.InvariantCulture);
        Skip.If(members == 0, "a measurement: set STREAMING_MEASURE to a number of members");
        Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
        await using var parts = await ClusterParts.StartAsync();
        await using var first = await parts.SiloAsync(TimeSpan.FromSeconds(30), "00:00:06");
        await using var second = await parts.SiloAsync(TimeSpan.FromSeconds(30), "00:00:06");
        output.WriteLine($"{members} members written in {await FillAsync(parts, members):0} s");
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = parts.Kafka.BootstrapServers,
            LingerMs = 5 }).Build();
        await SendAsync(producer, "before");
        await AppliedAsync(first, 2);

        await second.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await SendAsync(producer, "after");
        await AppliedAsync(first, 3);

        output.WriteLine($"every one of {Asked} members among {members} has applied an event sent after the kill " +
            $"{Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s after it");
    }

    private static async Task<double> FillAsync(ClusterParts parts, int members)
    {
        var began = Stopwatch.GetTimestamp();
        await using var source = PostgresSettings.Open(parts.Connection);
        var store = new PostgresClusterStore(source, Buckets);
        var lease = await new PostgresOutboxes(source).ClaimAsync("fill", TimeSpan.FromHours(1), default);
        var (state, due, rules) = Buyer();
        var number = 0L;
        foreach (var chunk in Enumerable.Range(0, members).Chunk(PerCommit))
        {
            var records = chunk.Select(i => Encoding.UTF8.GetBytes(Id(i)))
                .Select(id => new MemberRecord(id, Bucket.Of(id, Buckets), 1, due, rules, state)).ToList();
            await store.CommitAsync(Storage.OpenedStore.Commit(lease, ++number, records, outputs: [0], sent: number, formed: number),
                default);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>The state of a member with one purchase under the shipped rules.</summary>
    private static (byte[] State, long Due, ulong Rules) Buyer()
    {
        var rules = RulesLoader.Load(File.ReadAllText(Path.Combine(StreamingProgram.Repository, "pipeline", "App", "rules.yaml"))).Rules!;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var member = new Member();
        member.Reset("m"u8.ToArray());
        MemberCore.Settle(member, rules, rules, now, new EffectBuffer());
        MemberCore.Apply(member, new MemberEvent { Kind = EventKind.Paid, Id = Text.From("first"), Member = Text.From("m"), At = now,
            Amount = 10_000, Currency = Text.From("EUR"), Order = Text.From("first") }, now, rules, new EffectBuffer());
        var writer = new SnapshotWriter();
        member.Write(writer);
        return (writer.Written.ToArray(), member.Due, rules.Hash);
    }

    private static async Task SendAsync(IProducer<string, string> producer, string run)
    {
        for (var i = 0; i < Asked; i++)
        {
            var json = JsonSerializer.Serialize(new { id = $"{run}{i}", member = Id(i), at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                kind = "paid", order = $"{run}{i}", amount = "1.00", currency = "EUR" });
            producer.Produce("purchases", new Message<string, string> { Key = Id(i), Value = json });
        }

        await Task.Run(() => producer.Flush(TimeSpan.FromSeconds(60)));
    }

    private static async Task AppliedAsync(SiloProcess silo, int purchases)
    {
        for (var i = 0; i < Asked; i++)
        {
            await Until.TrueAsync(async () =>
            {
                try
                {
                    return await silo.PaidAsync(Id(i)) == purchases;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }, TimeSpan.FromMinutes(5));
        }
    }

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"member-{i}");
}
