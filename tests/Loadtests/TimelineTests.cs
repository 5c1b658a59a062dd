using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Tests;

/// <summary>What a timeline counts, and of what it tells a latency.</summary>
public class TimelineTests
{
    [Fact]
    public void Preparing_events_are_counted_without_latency()
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

    [Fact]
    public void Latencies_after_warm_up_are_those_of_events_due_after_it()
    {
        var timeline = new Timeline { WarmFrom = -5 };
        // due before the timeline began: late by some seconds, whatever the machine does
        foreach (var due in new[] { -9.0, -5.001, -5, -2 })
        {
            timeline.Sent(due, isEvent: true);
            timeline.Came(Way.Reward, due);
        }

        timeline.Visible(4);
        Assert.Equal((4, 4, 4), (timeline.Lateness.Count, timeline.Latency(Way.Reward).Count, timeline.Latency(Way.Visible).Count));
        Assert.Equal((2, 2, 2), (timeline.WarmLateness.Count, timeline.WarmLatency(Way.Reward).Count,
            timeline.WarmLatency(Way.Visible).Count));
        Assert.Equal(0, timeline.WarmLatency(Way.Alert).Count);
    }

    [Fact]
    public void Without_a_warm_up_there_are_no_warm_latencies()
    {
        var timeline = new Timeline();
        timeline.Came(Way.Reward, timeline.Now);
        Assert.Equal((1, 0), (timeline.Latency(Way.Reward).Count, timeline.WarmLatency(Way.Reward).Count));
    }
}
