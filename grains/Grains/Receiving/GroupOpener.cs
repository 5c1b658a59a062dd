using Streaming.Grains.Actors;
using Streaming.Grains.Placement;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Receiving;

/// <summary>Opens groups: each under the members' clock and the rules in force at its moment. Used by the receiver's loop alone.</summary>
internal sealed class GroupOpener(ClusterMap map, IClusterRules rules, ApplyContextPool contexts, MemberClock clock)
{
    private long now;

    /// <summary>The members' clock, epoch milliseconds: it never goes back.</summary>
    public long Now => now = Math.Max(now, clock.Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>An empty group.</summary>
    public GroupWork Open() => new(new Group(Now, rules.Current, new GroupContexts(contexts)), map.Local);
}
