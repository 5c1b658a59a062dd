using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Kafka.Sending;
using Streaming.Members.Rules;
using Streaming.Pipeline.Tests.Stores;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>WhenDurable completes when its batch is durable, and fails when the committer ends before.</summary>
public sealed class CommitterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Each_waiter_is_completed_by_its_own_commit() =>
        Prop.ForAll(Gen.Choose(1, 6).NonEmptyListOf().ToArbitrary(), wanted =>
        {
            using var parts = new Parts();
            var waiters = wanted.Select(batch => (Batch: batch, Told: parts.Committer.Durable.When(batch))).ToList();
            for (var number = 1; number <= 6; number++)
            {
                Assert.All(waiters.Where(w => w.Batch >= number), w => Assert.False(w.Told.IsCompleted));
                parts.Post(number, null);
                Assert.True(Task.WaitAll([.. waiters.Where(w => w.Batch <= number).Select(w => w.Told)], Patience));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public async Task Waiters_fail_when_the_committer_ends_with_a_fault()
    {
        using var parts = new Parts();
        var (first, second, third) = (parts.Committer.Durable.When(1), parts.Committer.Durable.When(2), parts.Committer.Durable.When(3));
        parts.Post(1, null);
        await first.WaitAsync(Patience);
        parts.Post(2, new InvalidOperationException("a shard could not go on"));
        foreach (var never in new[] { second, third, parts.Committer.Durable.When(2) })
            Assert.Equal("a shard could not go on", (await Assert.ThrowsAsync<InvalidOperationException>(() =>
                never.WaitAsync(Patience))).Message);
    }

    /// <summary>A committer over a store of its own; the batches are marked as recovering, so that the committer writes nothing.</summary>
    private sealed class Parts : IDisposable
    {
        private readonly TemporaryStore place = new();
        private readonly KafkaSink messages;
        private readonly HostStatus status = new();

        public Parts()
        {
            messages = new KafkaSink(place.Store, new KafkaSettings(), "", NullLogger.Instance) { Fault = _ => { } };
            var forming = new BlockForming(place.Store, new WriterIdentity(1, "test"), new BlockSettings());
            var writer = new RetryingWriter(place.Store, new CommitSettings(), status, NullLogger.Instance);
            Committer = new Committer(writer, forming, messages, status, new BatchPool(0, () => throw new InvalidOperationException()),
                _ => { });
        }

        public Committer Committer { get; }

        public void Post(long number, Exception? fault)
        {
            var batch = new Batch(1) { Rules = new RuleSet(), Number = number, Recovering = true };
            batch.Route();
            batch.Results[0].Fault = fault;
            batch.Done();
            Committer.Post(batch);
        }

        public void Dispose()
        {
            Committer.Complete();
            Committer.Dispose();
            messages.Dispose();
            status.Dispose();
            place.Dispose();
        }
    }
}
