using System.Text;
using Microsoft.Extensions.Options;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Identity;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Grains.Actors;
using Streaming.Grains.Storage;
using Streaming.Members;
using Streaming.Members.Rules;
using Streaming.Ops.Hosting;

namespace Streaming.Silo.Hosting;

/// <summary>A silo as the ops API sees it: members of the whole cluster, figures of this silo alone. Thread-safe.</summary>
internal sealed class ClusterOps(
    IOptions<SiloSettings> options, IGrainFactory grains, OpenedCluster truth, IClusterRules rules, IClickHouse clickhouse,
    SiloReport report) : IOpsHost
{
    /// <inheritdoc/>
    public HostStatus Status => report.Status;

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
    public string Pseudonym(string id) => new Pseudonyms(truth.Identity.PseudonymKey).Hex(Text.From(id));

    /// <inheritdoc/>
    public async Task<string?> BehindAsync(string pseudonym, CancellationToken cancel)
    {
        var search = new PseudonymSearch(truth.Identity.PseudonymKey, pseudonym);
        var store = truth.Storage.Store;
        for (var bucket = 0; bucket < options.Value.Members.Buckets; bucket++)
        {
            var of = bucket;
            var found = await search.AmongAsync(after => store.IdsAsync(of, after, PseudonymSearch.Page, cancel), cancel);
            if (found is not null) return found;
        }

        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Latest(OutputTopic topic, int most) => Status.Latest.Of(topic, most);

    /// <inheritdoc/>
    public OpsStatus Report() => report.Report();
}
