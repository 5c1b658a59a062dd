using System.Text;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Identity;
using Streaming.Contract.Messages;
using Streaming.Engine.Rows;
using Streaming.Engine.Sources;
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
    private readonly HostReport report = new()
    {
        Status = status,
        Outbox = outbox.Senders.Outbox,
        Messages = outbox.Senders.Messages,
        ClickHouse = outbox.Senders.ClickHouse,
        Bootstrap = settings.Kafka.Bootstrap,
        Source = () => Source(ingestion),
        Durable = () => outbox.Durable,
        Members = () => ((int)receiver.Active, 0, aside.Count),
        CommitFailure = () => receiver.CommitFailure,
        Parked = parked.Latest,
    };

    /// <inheritdoc/>
    public HostStatus Status => status;

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
    public OpsStatus Report() => report.Report();

    /// <summary>Health rows of this silo, by its outbox.</summary>
    /// <param name="parkedHere">What was refused for good in this silo's outbox alone.</param>
    public IEnumerable<HealthRow> Health(long parkedHere) => HealthReport.Of(Report() with { Parked = parkedHere },
        outbox.Senders.Outbox.Lease.Writer, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    private static SourceStatus Source(IngestionStatus ingestion) =>
        new() { Lag = ingestion.Lag, Gone = ingestion.Gone, LastError = ingestion.LastError };
}
