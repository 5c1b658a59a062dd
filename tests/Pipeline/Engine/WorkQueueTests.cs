using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Shards;

namespace Streaming.Pipeline.Tests.Engine;

public class WorkQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public void Items_are_taken_in_order_once_and_completely_for_any_capacity() =>
        Prop.ForAll(Gen.Choose(1, 5).SelectMany(most => Gen.Choose(0, 200).Select(count => (most, count))).ToArbitrary(), given =>
        {
            var queue = new WorkQueue<int>(given.most);
            var adding = new Thread(() =>
            {
                for (var i = 0; i < given.count; i++) queue.Add(i);
                queue.Complete();
            });
            adding.Start();
            var taken = new List<int>();
            while (queue.Take(out var item)) taken.Add(item);
            Assert.True(adding.Join(Long));
            Assert.Equal(Enumerable.Range(0, given.count), taken);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Many_producers_and_consumers_lose_and_repeat_no_item()
    {
        var queue = new WorkQueue<int>(2);
        var taken = new System.Collections.Concurrent.ConcurrentBag<int>();
        var adders = Enumerable.Range(0, 3).Select(n => new Thread(() =>
        {
            for (var i = 0; i < 500; i++) queue.Add((n * 500) + i);
        })).ToArray();
        var takers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            while (queue.Take(out var item)) taken.Add(item);
        })).ToArray();
        foreach (var thread in adders.Concat(takers)) thread.Start();
        Assert.All(adders, a => Assert.True(a.Join(Long)));
        queue.Complete();
        Assert.All(takers, t => Assert.True(t.Join(Long)));
        Assert.Equal(Enumerable.Range(0, 1_500), taken.Order());
    }

    [Fact]
    public void Complete_releases_waiters_and_keeps_the_queued_items()
    {
        var full = new WorkQueue<string>(1);
        Assert.True(full.Add("first"));
        bool? added = null;
        var adding = new Thread(() => added = full.Add("second"));
        adding.Start();
        Assert.True(SpinWait.SpinUntil(() => adding.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Long));
        full.Complete();
        Assert.True(adding.Join(Long));
        Assert.False(added);
        Assert.False(full.Add("third"));
        Assert.True(full.Take(out var item));
        Assert.Equal("first", item);
        Assert.False(full.Take(out _));
    }

    [Fact]
    public void An_item_that_is_added_while_another_waits_for_it_is_taken()
    {
        var queue = new WorkQueue<int>();
        int? taken = null;
        var taking = new Thread(() => taken = queue.Take(Long, out var item) ? item : null);
        taking.Start();
        Assert.True(SpinWait.SpinUntil(() => taking.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Long));
        queue.Add(7);
        Assert.True(taking.Join(2 * Long));
        Assert.Equal(7, taken);
    }

    [Fact]
    public void Taking_from_an_empty_queue_returns_nothing_after_the_timeout() =>
        Assert.False(new WorkQueue<int>().Take(TimeSpan.FromMilliseconds(1), out _));
}
