using System.Text;
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
    private const int Page = 10_000;

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
    public OpsStatus Report() => host.Report();
}
