using Orleans.GrainDirectory;
using Streaming.Engine.Turns;
using Streaming.Grains.Placement;
using Streaming.Grains.Storage;
using Streaming.Members;
using Streaming.Members.Snapshots;

namespace Streaming.Grains.Actors;

/// <summary>One member. It applies events by the core; the receiver makes the result durable, for many members at once.</summary>
[GrainType(TypeName), MapPlacement, GrainDirectory(MapDirectory.Name)]
internal sealed class MemberGrain(IGrainContext context, ClusterMap map, IClusterStore store, ActiveMembers active,
    Aside aside) : IGrainBase, IMemberGrain
{
    public const string TypeName = "member";

    private readonly byte[] id = context.GrainId.Key.AsSpan().ToArray();
    private Member? state;
    private long version;
    private Group? last; // the group that changed it last

    public static GrainType Type { get; } = GrainType.Create(TypeName);

    public IGrainContext GrainContext { get; } = context;

    public Task<MemberResult> ApplyAsync(MemberWork work)
    {
        if (!work.From.Equals(map.Local))
        {
            this.DeactivateOnIdle();
            return Task.FromResult(MemberResult.NotHere);
        }

        if (work.Stored is { } stored) Load(stored.Record);
        else if (state is null || last is { Lost: true }) return Task.FromResult(MemberResult.NotLoaded);
        return Task.FromResult(Apply(work, state!));
    }

    public async Task<byte[]?> ReadAsync()
    {
        if (last is { } group && map.IsMine(map.BucketOf(id)) && await group.Durable && ReferenceEquals(group, last) && state is { } member)
        {
            var writer = new SnapshotWriter();
            member.Write(writer);
            return writer.Written.ToArray();
        }

        var stored = await store.ReadAsync([id], CancellationToken.None);
        return stored.Count == 0 ? null : stored[0].State;
    }

    public Task ReleaseAsync()
    {
        this.DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token)
    {
        active.Gone(id);
        return Task.CompletedTask;
    }

    private void Load(MemberRecord? stored)
    {
        state ??= new Member();
        state.Reset(id);
        if (stored is { } record) state.Read(record.State);
        version = stored?.Version ?? 0;
        last = null;
    }

    private MemberResult Apply(MemberWork work, Member member)
    {
        var group = work.Group;
        var rented = group.Contexts.Rent();
        try
        {
            var end = new MemberWorkRun(work, member, rented, aside).Run();
            if (end == TurnEnd.Same) return MemberResult.Same;
            if (end == TurnEnd.Broken)
            {
                state = null; // the state may hold half of a turn
                return MemberResult.Broken;
            }

            last = group;
            var record = new MemberRecord(id, map.BucketOf(id), ++version, member.Due, member.RulesVersion, rented.Snapshot(member));
            return new MemberResult { Outcome = MemberOutcome.Changed, Record = record };
        }
        catch
        {
            state = null; // half of the work may be in it
            throw;
        }
        finally
        {
            group.Contexts.Return(rented);
        }
    }
}
