using Streaming.Load.Runs;

namespace Streaming.Loadtests.Tests;

/// <summary>What a timeline counts, and of what it tells a latency.</summary>
public class TimelineTests
{
    [Fact]
    public void What_makes_a_workload_ready_is_counted_and_has_no_latency()
    {
        var timeline = new Timeline();
        for (var i = 0; i < 5; i++) timeline.Sent(timeline.Now, isEvent: true, timed: false);
        for (var i = 0; i < 3; i++) timeline.Sent(timeline.Now, isEvent: true);
        timeline.Sent(timeline.Now, isEvent: false);
        timeline.Visible(6);
        Assert.Equal(1, timeline.Latency(Way.Visible).Count);
        timeline.Visible(8);
        Assert.Equal(3, timeline.Latency(Way.Visible).Count);
        Assert.Equal(4, timeline.Lateness.Count);
        Assert.Equal(9, timeline.Points().Sum(p => p.Sent));
        Assert.Equal(8, timeline.Points().Sum(p => p.Events));
    }
}
