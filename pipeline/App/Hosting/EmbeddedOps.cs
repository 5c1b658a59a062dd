using System.Text;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Decoding;
using Streaming.Contract.Identity;
using Streaming.Contract.Messages;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Ops.Hosting;

namespace Streaming.App.Hosting;

/// <summary>The embedded host as the ops API sees it. Thread-safe.</summary>
public sealed class EmbeddedOps(EmbeddedHost host) : IOpsHost
{
    private const int Page = 10_000;
    private readonly long startedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public RuleSet Rules => host.Rules.Current;

    /// <inheritdoc/>
    public IClickHouse ClickHouse => host.ClickHouse.Reader;

    /// <inheritdoc/>
    public Task<Member?> MemberAsync(string id, CancellationToken cancel) => host.MemberAsync(id, cancel);

    /// <inheritdoc/>
    public string Pseudonym(string id) => new Pseudonyms(host.Identity.PseudonymKey).Hex(Text.From(id));

    /// <inheritdoc/>
    public Task<string?> BehindAsync(string pseudonym, CancellationToken cancel) => Task.Run(
        () =>
        {
            var wanted = Convert.FromHexString(pseudonym);
            var pseudonyms = new Pseudonyms(host.Identity.PseudonymKey);
            using var reader = host.Store.OpenReader();
            byte[] after = [];
            for (var ids = reader.Ids(after, Page); ids.Count > 0; ids = reader.Ids(after, Page))
            {
                cancel.ThrowIfCancellationRequested();
                foreach (var id in ids)
                {
                    if (pseudonyms.Of(new Text(id, 0, id.Length)).SequenceEqual(wanted)) return Encoding.UTF8.GetString(id);
                }

                after = ids[^1];
            }

            return null;
        },
        cancel);

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Latest(OutputTopic topic, int most) => host.Status.Latest.Of(topic, most);

    /// <inheritdoc/>
    public OpsStatus Report()
    {
        var status = host.Status;
        return new OpsStatus
        {
            StartedAt = startedAt,
            Applied = status.Applied().ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
            Warned = status.Warned(),
            Rejected = status.Rejected().ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
            Duplicates = status.Duplicates,
            Wakes = status.Wakes,
            Effects = status.Effects,
            Cached = status.Members.Cached,
            Dirty = status.Members.Dirty,
            Aside = status.Members.Aside,
            Latency = status.Latency.Counts(),
            Commit = status.LastCommit.Number,
            CommitAt = status.LastCommit.At,
            CommitFailure = status.CommitFailure,
            Held = status.Held,
            Recovering = status.Recovering,
            Parked = host.Store.Parked.Count,
            SpoolBytes = host.Store.SpoolBytes,
            Broker = Broker(),
            ClickHouse = Delivery(),
        };
    }

    private BrokerStatus Broker() => new()
    {
        Bootstrap = host.Bootstrap,
        AwaySince = Earliest(host.Source.AwaySince, host.Messages.FailingSince),
        LastError = host.Source.LastError ?? host.Messages.LastError,
        Lag = host.Source.Lag,
        Gone = host.Source.Gone,
        Blocked = [.. host.Source.Blocked.Select(b => b.At)],
        Unsent = Math.Max(0, host.Durable - host.Messages.Sent),
        Delivered = host.Messages.Delivered,
    };

    private ClickHouseStatus Delivery()
    {
        var state = host.ClickHouse.State;
        return new ClickHouseStatus
        {
            AwaySince = Earliest(host.ClickHouse.AwaySince, state.FailingSince ?? 0),
            LastError = state.LastError,
            Refused = host.ClickHouse.Refused,
            Migrated = host.ClickHouse.Migrated,
            Waiting = host.Store.BlocksWaiting,
            Rows = state.DeliveredRows,
            Blocks = state.DeliveredBlocks,
            LandedAt = state.LastSuccess,
        };
    }

    // 0 means "never": the earlier of those that happened.
    private static long Earliest(long one, long other) => one == 0 ? other : other == 0 ? one : Math.Min(one, other);
}
