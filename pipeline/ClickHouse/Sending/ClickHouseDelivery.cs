using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Sending;

/// <summary>Everything between the outbox and ClickHouse: first its tables, then the
/// blocks. The pipeline runs on without it; blocks wait.</summary>
public sealed class ClickHouseDelivery : IDisposable
{
    private const long StartTimeoutMs = 10_000;
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);
    private readonly ClickHouseSettings settings;
    private readonly IOutbox outbox;
    private readonly WriterIdentity writer;
    private readonly ILogger log;
    private readonly BlockSender sender;
    private readonly Func<IClickHouse, CancellationToken, Task> prepare;
    private readonly TaskCompletionSource prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool migrated;
    private long awaySince;

    /// <summary>Delivery of one outbox; nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="prepare">Creates and migrates the tables before the first block is sent; called again until it succeeds.</param>
    public ClickHouseDelivery(
        ClickHouseSettings settings, SenderSettings sending, IOutbox outbox, WriterIdentity writer,
            Func<IClickHouse, CancellationToken, Task> prepare, ILoggerFactory logs)
    {
        this.settings = settings;
        this.outbox = outbox;
        this.writer = writer;
        this.prepare = prepare;
        log = logs.CreateLogger("Streaming.ClickHouse");
        Client = new ClickHouseClient(settings);
        Reader = settings.ReadUser.Length == 0 ? Client : new ClickHouseClient(settings.ForReading());
        sender = new BlockSender(outbox.Blocks, Client, writer, sending, logs.CreateLogger<BlockSender>());
    }

    /// <summary>The client that may write.</summary>
    public ClickHouseClient Client { get; }

    /// <summary>For queries of the ops API and its dashboards: as the user that can only read, where there is one.</summary>
    public ClickHouseClient Reader { get; }

    /// <inheritdoc cref="BlockSender.Took"/>
    public Action<TimeSpan>? Took { get => sender.Took; set => sender.Took = value; }

    /// <summary>How delivery stands.</summary>
    public SenderState State => sender.State;

    /// <summary>Why nothing can be delivered before an operator acts, or null.</summary>
    public string? Refused { get; private set; }

    /// <summary>True once the tables are as this program needs them.</summary>
    public bool Migrated => migrated;

    /// <summary>Completes when the tables are migrated, when an operator must act first, or when ClickHouse has been away for 10
    /// s.</summary>
    public Task Prepared => prepared.Task;

    /// <summary>Since when ClickHouse has not been reached while its tables are prepared, epoch milliseconds; 0 before and after. Later
    /// failures are in <see cref="State"/>.</summary>
    public long AwaySince { get => Interlocked.Read(ref awaySince); private set => Interlocked.Exchange(ref awaySince, value); }

    /// <summary>Blocks were formed.</summary>
    public void Notify() => sender.Notify();

    /// <summary>Prepares the tables, then delivers until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            if (!await PrepareAsync(stop)) return;
            while (true)
            {
                try
                {
                    await sender.RunAsync(stop);
                    return;
                }
                catch (StoreException e) when (e.Retryable)
                {
                    // What landed meanwhile is found by its number when the sender looks again.
                    log.DeliveryPauses(StorePause.TotalSeconds, e.Message);
                    await Task.Delay(StorePause, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.DeliveryStopped();
        }
    }

    /// <summary>From now on the views read this store's generation.</summary>
    public Task SwitchAsync(CancellationToken stop) => new Generations(Client).SwitchAsync(writer, stop);

    /// <summary>Waits until no block waits, at most this long.</summary>
    public async Task<bool> DrainAsync(TimeSpan most)
    {
        var until = DateTimeOffset.UtcNow + most;
        while (outbox.BlocksWaiting > 0 && DateTimeOffset.UtcNow < until && Migrated && State.FailingSince is null) await Task.Delay(20);
        return outbox.BlocksWaiting == 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        Reader.Dispose();
    }

    private async Task<bool> PrepareAsync(CancellationToken stop)
    {
        var since = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (var failures = 0; ; failures++)
        {
            var began = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            try
            {
                await prepare(Client, stop);
                migrated = true;
                prepared.TrySetResult();
                AwaySince = 0;
                return true;
            }
            catch (MigrationException e)
            {
                Refused = e.Message;
                prepared.TrySetResult();
                log.ClickHouseRefused(e.Message);
                return false;
            }
            catch (StoreException e) when (e.Retryable)
            {
                // A cluster's silos make the tables one at a time, under a lock of their database.
                if (began - since > StartTimeoutMs) prepared.TrySetResult();
                log.TablesWait(StorePause.TotalSeconds, e.Message);
                await Task.Delay(StorePause, stop);
            }
            catch (ClickHouseException e)
            {
                if (AwaySince == 0) AwaySince = began;
                if (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - since > StartTimeoutMs) prepared.TrySetResult();
                if (failures == 0) log.ClickHouseNotReady(settings.Url, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 200 << Math.Min(failures, 5))), stop);
            }
        }
    }
}
