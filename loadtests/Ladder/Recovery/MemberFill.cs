using System.Globalization;
using System.Text;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Loadtests.Ladder.Recovery;

/// <summary>Fills a cluster's database with members of one purchase under the shipped rules.</summary>
internal static class MemberFill
{
    private const int PerCommit = 5_000;

    /// <summary>Id of the member of that number.</summary>
    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"member-{number}");

    /// <summary>Writes them through the store's own commits, by one connection.</summary>
    public static async Task RunAsync(string connection, int members, int buckets, CancellationToken stop)
    {
        await using var source = PostgresSettings.Open(connection);
        var store = new PostgresClusterStore(source, buckets);
        var lease = await new PostgresOutboxes(source).ClaimAsync("fill", TimeSpan.FromHours(1), stop);
        var (state, due, rules) = Buyer();
        var number = 0L;
        foreach (var chunk in Enumerable.Range(0, members).Chunk(PerCommit))
        {
            number++;
            await store.CommitAsync(new SiloCommit
            {
                Lease = lease,
                Number = number,
                Members = [.. chunk.Select(i => Record(Encoding.UTF8.GetBytes(Id(i))))],
                Positions = [],
                Fences = [],
                Outputs = new byte[] { 0 },
                Blocks = [],
                Progress = new Progress(number, number, number),
            }, stop);
        }

        MemberRecord Record(byte[] id) => new(id, Bucket.Of(id, buckets), 1, due, rules, state);
    }

    private static (byte[] State, long Due, ulong Rules) Buyer()
    {
        var rules = RulesLoader.Load(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rules.yaml"))).Rules!;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var member = new Member();
        member.Reset("m"u8.ToArray());
        MemberCore.Settle(member, rules, rules, now, new EffectBuffer());
        var paid = new MemberEvent
        {
            Kind = EventKind.Paid, Id = Text.From("first"), Member = Text.From("m"), At = now, Order = Text.From("first"),
            Amount = 10_000, Currency = Text.From("EUR"),
        };
        MemberCore.Apply(member, paid, now, rules, new EffectBuffer());
        var writer = new SnapshotWriter();
        member.Write(writer);
        return (writer.Written.ToArray(), member.Due, rules.Hash);
    }
}
