using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;

namespace Streaming.Loadtests.Load.Prefilling;

/// <summary>What a stretch of members became: what one commit holds.</summary>
/// <param name="Members">Their states.</param>
/// <param name="Outputs">Rows for ClickHouse.</param>
/// <param name="Events">Events applied.</param>
/// <param name="Wakes">Wakes that acted.</param>
public sealed record PastCommit(IReadOnlyList<SnapshotRow> Members, ApplyResult Outputs, long Events, long Wakes);

/// <summary>Applies members' pasts by the decoder and the core, one member after the other,
/// as the pipeline would have done over the days.</summary>
/// <remarks>
/// Members do not touch each other in these pasts, so each may be lived from beginning to end while it is in memory; every wake acts at
/// the instant it falls due. Not thread-safe: one per thread.
/// </remarks>
/// <param name="plan">The past.</param>
/// <param name="rules">The rules all of it happens under.</param>
/// <param name="pseudonymKey">Of the store.</param>
public sealed class PastBuilder(PastPlan plan, RuleSet rules, byte[] pseudonymKey) : IDisposable
{
    private readonly MemberPast life = new(plan);
    private readonly ShardOutput output = new(new RowCollector(pseudonymKey), outside: false);
    private readonly Member member = new();
    private readonly SnapshotWriter writer = new();
    private byte[] record = new byte[1024];

    /// <summary>Lives the pasts of members <paramref name="first"/> to <paramref name="end"/>, that one not included.</summary>
    /// <param name="commit">The commit they go into; the first also tells the rules in force.</param>
    /// <exception cref="InvalidOperationException">An event was refused or asked for a
    /// message: the lives are not those of this contract.</exception>
    public PastCommit Make(int first, int end, long commit)
    {
        var (result, members) = (new ApplyResult(), new List<SnapshotRow>(end - first));
        var applier = new MemberApplier(_ => rules, output);
        if (commit == 1) output.RulesChanged(rules, plan.From);
        for (var who = first; who < end; who++)
        {
            Live(who, applier, result);
            writer.Clear();
            member.Write(writer);
            members.Add(new SnapshotRow(life.Key, commit, member.Due, member.RulesVersion, writer.Written.ToArray()));
        }

        output.Finish(result);
        if (result.Messages.WrittenCount > 0)
        {
            throw new InvalidOperationException("A past that is prefilled asked for a message to somebody.");
        }
        return new PastCommit(members, result, result.Counts.Applied.Sum(), result.Counts.Wakes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        life.Dispose();
        output.Dispose();
    }

    private void Live(int who, MemberApplier applier, ApplyResult result)
    {
        life.Begin(who);
        member.Reset(life.Key);
        while (life.Next())
        {
            WakeUntil(life.At, applier, result);
            var record = Record();
            if (!applier.Decode(record, rules, result) || applier.Apply(member, record, life.At, rules, result) != TurnEnd.Changed)
                throw new InvalidOperationException($"An event of member {who}'s past was refused.");
        }

        WakeUntil(plan.To, applier, result);
    }

    private void WakeUntil(long time, MemberApplier applier, ApplyResult result)
    {
        while (member.Due <= time)
        {
            if (applier.Wake(member, member.Due, member.Due, rules, result) != TurnEnd.Changed)
                throw new InvalidOperationException("A wake of a member's past failed.", applier.Fault);
            result.Counts.Wakes++;
        }
    }

    private InputRecord Record()
    {
        var key = life.Key;
        var value = life.Value;
        if (record.Length < key.Length + value.Length) record = new byte[2 * (key.Length + value.Length)];
        key.CopyTo(record, 0);
        value.CopyTo(record.AsSpan(key.Length));
        return new InputRecord(life.Topic, 0, 0, life.At, record, 0, key.Length, key.Length, value.Length, 0, 0);
    }
}
