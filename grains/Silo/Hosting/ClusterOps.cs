using System.Text;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Decoding;
using Streaming.Contract.Identity;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Grains.Actors;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Ops.Hosting;
using Streaming.Silo.Ingestion;
using Streaming.Silo.Sending;

namespace Streaming.Silo.Hosting;

/// <summary>A silo as the ops API sees it: members of the whole cluster, figures of this silo alone. Thread-safe.</summary>
internal sealed class ClusterOps(
    SiloSettings settings, IGrainFactory grains, IClusterStore store, IClusterRules rules, IClickHouse clickhouse, byte[] pseudonymKey,
    HostStatus status, SiloOutbox outbox,
    ReceiverStatus receiver, Aside aside, IngestionStatus ingestion, ParkedCount parked) : IOpsHost
{
    private const int Page = 10_000;
    private readonly long startedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public RuleSet Rules => rules.Current;

    /// <inheritdoc/>
    public IClickHouse ClickHouse => clickhouse;

    /// <inheritdoc/>
    public async Task<Member?> MemberAsync(string id, CancellationToken cancel)
    {
        var bytes = Encoding.UTF8.GetBytes(id);
        if (bytes.Length is 0 or > Member.MaxIdBytes) return null;
        if (await grains.GetGrain<IMemberGrain>(id).ReadAsync().WaitAsync(cancel) is not { } snapshot) return null;
        var member = new Member();
        member.Reset(bytes);
        member.Read(snapshot);
        return member;
    }

    /// <inheritdoc/>
    public string Pseudonym(string id) => new Pseudonyms(pseudonymKey).Hex(Text.From(id));

    /// <inheritdoc/>
    public async Task<string?> BehindAsync(string pseudonym, CancellationToken cancel)
    {
        var wanted = Convert.FromHexString(pseudonym);
        var pseudonyms = new Pseudonyms(pseudonymKey);
        for (var bucket = 0; bucket < settings.Members.Buckets; bucket++)
        {
            byte[] after = [];
            for (var ids = await store.IdsAsync(bucket, after, Page, cancel); ids.Count > 0; ids =
                await store.IdsAsync(bucket, after, Page, cancel))
            {
                foreach (var id in ids)
                {
                    if (pseudonyms.Of(new Text(id, 0, id.Length)).SequenceEqual(wanted)) return Encoding.UTF8.GetString(id);
                }

                after = ids[^1];
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Latest(OutputTopic topic, int most) => status.Latest.Of(topic, most);

    /// <inheritdoc/>
    public OpsStatus Report() =>
        new()
        {
            StartedAt = startedAt,
            Applied = status.Applied().ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
            Warned = status.Warned(),
            Rejected = status.Rejected().ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
            Duplicates = status.Duplicates,
            Wakes = status.Wakes,
            Effects = status.Effects,
            Cached = (int)receiver.Active,
            Aside = aside.Count,
            Latency = status.Latency.Counts(),
            Commit = status.LastCommit.Number,
            CommitAt = status.LastCommit.At,
            CommitFailure = receiver.CommitFailure,
            Held = status.Held,
            Parked = parked.Latest(),
            SpoolBytes = outbox.Senders.Outbox.SpoolBytes,
            Broker = Broker(),
            ClickHouse = Delivery(),
        };

    private BrokerStatus Broker() => new()
    {
        Bootstrap = settings.Kafka.Bootstrap,
        AwaySince = outbox.Senders.Messages.FailingSince,
        LastError = ingestion.LastError ?? outbox.Senders.Messages.LastError,
        Lag = ingestion.Lag,
        Gone = ingestion.Gone,
        Unsent = Math.Max(0, outbox.Durable - outbox.Senders.Messages.Sent),
        Delivered = outbox.Senders.Messages.Delivered,
    };

    private ClickHouseStatus Delivery()
    {
        var delivery = outbox.Senders.ClickHouse;
        var state = delivery.State;
        return new ClickHouseStatus
        {
            AwaySince = delivery.AwaySince != 0 ? delivery.AwaySince : state.FailingSince ?? 0,
            LastError = state.LastError,
            Refused = delivery.Refused,
            Migrated = delivery.Migrated,
            Waiting = outbox.Senders.Outbox.BlocksWaiting,
            Rows = state.DeliveredRows,
            Blocks = state.DeliveredBlocks,
            LandedAt = state.LastSuccess,
        };
    }
}
