using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Engine.Tracing;
using Streaming.Engine.Turns;
using Streaming.Grains.Actors;
using Streaming.Grains.Tests.Cluster;

namespace Streaming.Grains.Tests.Actors;

/// <summary>Contexts are used by one group after another.</summary>
public sealed class TurnContextTests
{
    [Fact]
    public void Rows_of_a_group_that_was_given_up_are_not_in_the_next_one()
    {
        var rules = new TestRules("{}");
        var pool = new ApplyContextPool(rules, new PseudonymKey(new byte[32]), new PoisonLog(NullLogger.Instance), new TraceSampling());
        var givenUp = new GroupContexts(pool);
        givenUp.RulesChanged(rules.Current, 1);
        givenUp.Release();

        var next = new GroupContexts(pool);
        next.Return(next.Rent());
        Assert.Equal(0, Assert.Single(next.Finish()).Rows.WrittenCount);

        next.RulesChanged(rules.Current, 2);
        Assert.NotEqual(0, Assert.Single(next.Finish()).Rows.WrittenCount);
    }
}
