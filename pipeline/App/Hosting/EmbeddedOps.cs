using Streaming.ClickHouse.Client;
using Streaming.Contract.Identity;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Members;
using Streaming.Members.Rules;
using Streaming.Ops.Hosting;

namespace Streaming.App.Hosting;

/// <summary>The embedded host as the ops API sees it. Thread-safe.</summary>
public sealed class EmbeddedOps(EmbeddedHost host) : IOpsHost
{
    /// <inheritdoc/>
    public HostStatus Status => host.Status;

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
        async () =>
        {
            using var reader = host.Store.OpenReader();
            return await new PseudonymSearch(host.Identity.PseudonymKey, pseudonym)
                .AmongAsync(after => Task.FromResult(reader.Ids(after, PseudonymSearch.Page)), cancel);
        },
        cancel);

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Latest(OutputTopic topic, int most) => host.Status.Latest.Of(topic, most);

    /// <inheritdoc/>
    public OpsStatus Report() => host.Report();
}
