using Streaming.Grains.Actors;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Receiving;

/// <summary>Brings a group's work to its members: those not in memory are read by one query, each member is called once, and again where
/// the program failed on it.</summary>
internal sealed class GroupApplier(IClusterStore store, IClusterRules rules)
{
    /// <summary>Applies the work of all members; what they became is in <see cref="GroupWork.Changed"/>.</summary>
    /// <param name="work">The group.</param>
    /// <param name="pending">Waits until the commit under way has ended; before that the database does not hold a member's newest
    /// state.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="MemberElsewhereException">A grain stands on another silo.</exception>
    public async Task ApplyAsync(GroupWork work, Func<Task> pending, CancellationToken cancel)
    {
        var left = work.Members;
        while (left.Count > 0)
        {
            left = await CallAsync(work, left, pending, cancel);
            foreach (var member in left) member.Loaded = false;
        }
    }

    private async Task<List<ActiveMember>> CallAsync(GroupWork work, List<ActiveMember> members, Func<Task> pending,
        CancellationToken cancel)
    {
        await LoadAsync(members, pending, cancel);
        var calls = new Task<MemberResult>[members.Count];
        for (var i = 0; i < calls.Length; i++) calls[i] = members[i].Grain.ApplyAsync(members[i].Work!);
        await Task.WhenAll(calls);
        var left = new List<ActiveMember>();
        for (var i = 0; i < calls.Length; i++)
        {
            var (member, result) = (members[i], calls[i].Result);
            if (result.Outcome == MemberOutcome.NotHere) throw new MemberElsewhereException();
            if (result.Outcome is MemberOutcome.NotLoaded or MemberOutcome.Broken)
            {
                if (result.Outcome == MemberOutcome.NotLoaded && member.Work!.Stored is not null)
                    throw new InvalidOperationException("A member did not take the state it was given.");
                left.Add(member);
                continue;
            }

            member.Loaded = true;
            member.Work = null;
            if (result.Outcome != MemberOutcome.Changed) continue;
            member.Last = work.Group;
            work.Changed.Add(result.Record);
        }

        return left;
    }

    private async Task LoadAsync(List<ActiveMember> members, Func<Task> pending, CancellationToken cancel)
    {
        var missing = members.Where(m => !m.Loaded).ToList();
        if (missing.Count == 0) return;
        if (missing.Any(m => m.Pending)) await pending();
        var stored = await store.ReadAsync([.. missing.Select(m => m.Id)], cancel);
        await rules.KnowAsync(stored.Select(s => s.Rules).Distinct(), cancel);
        var byId = stored.ToDictionary(s => s.Id, IdComparer.Instance);
        foreach (var member in missing) member.Work!.Stored = new Stored(byId.TryGetValue(member.Id, out var record) ? record : null);
    }
}

/// <summary>A member's grain stands on another silo: the views of the cluster differ
/// at the moment. Tried again, by reading again.</summary>
internal sealed class MemberElsewhereException() : Exception("A member is still in the memory of another silo.");
