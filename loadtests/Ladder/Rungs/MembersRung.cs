using System.Globalization;
using System.Text;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Loadtests.Common.Lives;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>Fills a store with members that have a past: snapshots alone, as a pipeline would have left them long ago.</summary>
/// <remarks>The pasts of a thousand members, a dozen events each, are used for all members, so that a large store is made in
/// seconds.</remarks>
internal static class MembersRung
{
    private const int Pasts = 1_000;
    private const int EventsPerPast = 12;
    private const int RowsPerWrite = 50_000;

    /// <summary>Fills it; one event of the result is one member.</summary>
    public static RungResult Run(RungContext context, CancellationToken stop)
    {
        var meter = new Meter();
        using var directory = DataDirectory.Open(context.Store);
        using var store = SqliteStore.Open(directory);
        var rules = new RulesBook(store.Facts, context.RulesText).Current;
        var pasts = Live(rules);
        var rows = new List<SnapshotRow>(RowsPerWrite);
        for (var i = 0; i < context.Members; i++)
        {
            stop.ThrowIfCancellationRequested();
            var (due, state) = pasts[i % Pasts];
            rows.Add(new SnapshotRow(Encoding.ASCII.GetBytes(MemberLives.Name("", i)), 0, due, rules.Hash, state));
            if (rows.Count < RowsPerWrite && i < context.Members - 1) continue;
            store.WriteSnapshots(rows, default);
            rows.Clear();
        }

        var bytes = Directory.EnumerateFiles(context.Store).Sum(f => new FileInfo(f).Length);
        return meter.Stop("members", context.Members, string.Create(CultureInfo.InvariantCulture,
            $"{bytes / (1024.0 * 1024):N0} MiB on disk, {pasts.Average(p => p.State.Length):0} bytes a snapshot"));
    }

    private static (long Due, byte[] State)[] Live(RuleSet rules)
    {
        const long Week = 7 * 86_400_000L;
        var from = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (3 * Week);
        using var lives = new MemberLives(new LivesOptions(Pasts, 4, Seed: 7, Run: "past-", Exponent: 0));
        var members = new Dictionary<string, Member>(StringComparer.Ordinal);
        var (decoder, e, effects, writer) = (new EventDecoder(), new MemberEvent(), new EffectBuffer(), new SnapshotWriter());
        for (var i = 0; i < Pasts * EventsPerPast || members.Count < Pasts; i++)
        {
            var at = from + ((2 * Week) * Math.Min(i, Pasts * EventsPerPast) / (Pasts * EventsPerPast));
            lives.Next(at);
            byte[] bytes = [.. lives.Key, .. lives.Value];
            decoder.Decode(new InputRecord(lives.Topic, 0, i, at, bytes, 0, lives.Key.Length, lives.Key.Length, lives.Value.Length, 0, 0),
                e);
            var id = e.Member.ToString();
            if (!members.TryGetValue(id, out var member))
            {
                members[id] = member = new Member();
                member.Reset(e.Member.Span);
                MemberCore.Settle(member, rules, rules, at, effects);
            }

            MemberCore.Apply(member, e, at, rules, effects);
            effects.Clear();
        }

        return [.. members.Values.Select(m =>
        {
            writer.Clear();
            m.Write(writer);
            return (m.Due, writer.Written.ToArray());
        })];
    }
}
