using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Engine.Turns;
using Streaming.Members;

namespace Streaming.Engine.Shards;

/// <summary>Brings a member back to where it stood before a turn that failed half-way: its snapshot,
/// then all that commits and the batch hold for it since.</summary>
/// <remarks>Reads every commit since the snapshot, for one member: what a failure of the program
/// costs, not what it happens with. Used by the shard's thread.</remarks>
/// <param name="history">Has the commits.</param>
/// <param name="stored">Has the snapshot.</param>
/// <param name="applier">Applies; what it fails on again is left out again.</param>
internal sealed class MemberRebuild(CommitHistory history, IMemberReader stored, MemberApplier applier)
{
    // Outputs of repeated turns are thrown away: they have left, or leave with this batch.
    private readonly ApplyResult nothing = new();

    /// <summary>Brings it back.</summary>
    /// <param name="member">The member.</param>
    /// <param name="batch">The batch that is being applied.</param>
    /// <param name="records">How many of its records come before the turn that failed.</param>
    /// <param name="eventless">Its eventless turns before that.</param>
    public void Run(Member member, Batch batch, int records, IEnumerable<EventlessTurn> eventless)
    {
        history.Wait(batch.Number - 1); // every shard has been given it, so it ends without this one
        var id = member.Id.Span.ToArray();
        member.Reset(id);
        var contained = 0L;
        if (stored.TryRead(id, out var snapshot))
        {
            member.Read(snapshot.State);
            contained = snapshot.Commit;
        }

        applier.CopyBeforeTurns();
        foreach (var again in history.After(contained, () => new Batch(1) { Rules = batch.Rules }))
        {
            if (again.Number >= batch.Number) break;
            Repeat(member, id, again, again.Records.Count, again.Recorded);
        }

        if (contained < batch.Number) Repeat(member, id, batch, records, [.. eventless]);
        nothing.Clear();
    }

    private void Repeat(Member member, byte[] id, Batch batch, int records, IReadOnlyList<EventlessTurn> eventless)
    {
        var next = 0;
        for (var s = 0; s < batch.Segments.Count; s++)
        {
            var segment = batch.Segments[s];
            for (; next < segment.End && next < records; next++)
            {
                var record = batch.Records[next];
                if (!record.Key.SequenceEqual(id)) continue;
                if (applier.Decode(record, batch.Rules, nothing, leaves: false))
                    applier.Apply(member, record, segment.Now, batch.Rules, nothing, leaves: false);
            }

            foreach (var turn in eventless)
            {
                if (turn.Segment != s || !turn.Id.AsSpan().SequenceEqual(id)) continue;
                if (turn.Kind == EventlessKind.Wake) applier.Wake(member, segment.Proven, segment.Now, batch.Rules, nothing, leaves: false);
                else applier.Settle(member, batch.Segments[^1].Now, batch.Rules, nothing, leaves: false);
            }
        }
    }
}
