using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Ingestion;

/// <summary>What a silo does with its share of the input topics, on one screen.</summary>
/// <remarks>
/// <code>
/// consumer group ─► batches, one under way per partition ─► parts per silo, until durable everywhere ─┐
///        ticks ─► progress and proof into the database, offsets into the group ──────────────────────┴─► (nothing further)
/// </code>
/// A batch that does not land ends only its partition's session. What fails the graph (the client cannot go on) closes the consumer, which
/// leaves the group, and starts all of it anew after a back-off. Bounded throughout: two batches per partition,
/// <see cref="IngestionSettings.InFlight"/> on their way.
/// </remarks>
internal sealed class IngestionGraph(Func<GroupConsumer> connect, BatchRouter router, IngestionSettings settings, IngestionStatus status,
    ILogger<IngestionGraph> log)
{
    private static readonly RestartSettings BackOff = RestartSettings.Create(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15), 0.2);
    private volatile GroupConsumer? current;

    /// <summary>Completes once every consumer has left the group, what was on its way having
    /// ended. Asked once the graph's actors are gone.</summary>
    public Task Closed { get; private set; } = Task.CompletedTask;

    /// <summary>The graph: run it, and shut the switch to end it.</summary>
    public IRunnableGraph<(UniqueKillSwitch Switch, Task<Done> Ended)> Build() =>
        RestartSource.OnFailuresWithBackoff(Once, BackOff)
            .ViaMaterialized(KillSwitches.Single<NotUsed>(), Keep.Right)
            .ToMaterialized(Sink.Ignore<NotUsed>(), (stop, ended) => (stop, ended));

    private Source<NotUsed, NotUsed> Once()
    {
        var batches = Source.UnfoldResourceAsync<PartitionBatch, GroupConsumer>(OpenAsync, ReadAsync, CloseAsync)
            .SelectAsyncUnordered(settings.InFlight, DeliverAsync);
        var ticks = Source.Tick(settings.ReportEvery, settings.ReportEvery, NotUsed.Instance).SelectAsyncUnordered(1, _ => ReportAsync());
        return batches.Merge(ticks.MapMaterializedValue(_ => NotUsed.Instance), eagerComplete: true);
    }

    private Task<GroupConsumer> OpenAsync()
    {
        current = connect();
        return Task.FromResult(current);
    }

    private async Task<Option<PartitionBatch>> ReadAsync(GroupConsumer consumer)
    {
        try
        {
            return await consumer.ReadAsync() is { } batch ? Option<PartitionBatch>.Create(batch) : Option<PartitionBatch>.None;
        }
        catch (Exception e)
        {
            status.Restarted();
            var fault = e.GetBaseException();
            status.LastError = fault.Message;
            log.IngestionRestarts(fault.Message, fault is KafkaException or StoreException ? null : fault);
            throw;
        }
    }

    private async Task<Done> CloseAsync(GroupConsumer consumer)
    {
        Closed = Task.WhenAll(Closed, consumer.DisposeAsync().AsTask());
        await Closed;
        return Done.Instance;
    }

    private async Task<NotUsed> DeliverAsync(PartitionBatch batch)
    {
        var durable = false;
        try
        {
            durable = await router.DeliverAsync(batch);
        }
#pragma warning disable CA1031 // whatever it is, that one partition is read again; nothing of it is acknowledged
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.BatchFailed(batch.Session.Partition.Topic, batch.Session.Partition.Partition.Value, e);
        }

        current?.Ended(batch, durable);
        return NotUsed.Instance;
    }

    private async Task<NotUsed> ReportAsync()
    {
        try
        {
            if (current is { } consumer) await consumer.ReportAsync(CancellationToken.None);
        }
        catch (StoreException e)
        {
            log.ProgressNotWritten(settings.ReportEvery.TotalMilliseconds, e.Message);
        }

        return NotUsed.Instance;
    }
}
