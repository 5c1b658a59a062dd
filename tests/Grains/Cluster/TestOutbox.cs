using Streaming.Grains.Storage;
using Streaming.Pipeline.Effects;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Store;

namespace Streaming.Grains.Tests.Cluster;

/// <summary>An outbox whose messages a test looks at as soon as they are durable.</summary>
public sealed class TestOutbox(IOutboxes outboxes, Action<OutputTopic, byte[]> sent) : ISiloOutbox
{
    private OutboxLease? lease;
    private long number;

    public bool Wants(long now) => false;

    public async Task<CommitHead> NextAsync(long now, CancellationToken cancel)
    {
        lease ??= await outboxes.ClaimAsync("test", TimeSpan.FromDays(1), cancel);
        return new CommitHead(lease, number + 1, [], new Progress(number, number, number), default);
    }

    public void Landed(SiloCommit commit, IReadOnlyList<BatchCounts> counts)
    {
        number = commit.Number;
        var rest = OutputCodec.Messages(commit.Outputs.Span);
        while (OutputMessages.Next(ref rest, out var message)) sent(message.Topic, message.Value!);
    }

    public Task LostAsync(CancellationToken cancel) => Task.CompletedTask;
}
