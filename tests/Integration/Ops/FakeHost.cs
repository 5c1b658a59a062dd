using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Identity;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;
using Streaming.Ops.Hosting;

namespace Streaming.Integration.Tests.Ops;

/// <summary>A host that says what a test wants it to say.</summary>
internal sealed class FakeHost(ClickHouseClient clickHouse) : IOpsHost, IDisposable
{
    private readonly ConcurrentDictionary<string, Member> members = new();
    private readonly Dictionary<OutputTopic, List<byte[]>> messages = [];
    private volatile Func<OpsStatus> report = () => Well;

    /// <summary>A host whose ClickHouse answers, and refuses everything.</summary>
    public FakeHost()
        : this(new ClickHouseClient(new ClickHouseSettings { Url = "http://127.0.0.1:9" }, new Refusing()))
    {
    }

    /// <summary>A host to which nothing has happened.</summary>
    public static OpsStatus Well { get; } = new()
    {
        StartedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        Broker = new BrokerStatus { Bootstrap = "127.0.0.1:9092", Lag = 0 },
        ClickHouse = new ClickHouseStatus { Migrated = true },
    };

    public HostStatus Status { get; } = new();

    public RuleSet Rules { get; } = new RuleSet().Named(17);

    public IClickHouse ClickHouse => clickHouse;

    /// <summary>From now on it reports this.</summary>
    public void Say(Func<OpsStatus> status) => report = status;

    /// <inheritdoc cref="Say(Func{OpsStatus})"/>
    public void Say(OpsStatus status) => report = () => status;

    /// <summary>A member who has bought something for so much, an hour ago.</summary>
    public void Buy(string id, long amount) => Happens(id, EventKind.Paid, TimeSpan.FromHours(1), e =>
    {
        e.Order = e.Id;
        e.Amount = amount;
        e.Currency = Text.From("CNY");
    });

    /// <summary>An event of a member, so long ago.</summary>
    public void Happens(string id, EventKind kind, TimeSpan ago, Action<MemberEvent>? with = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var member = Copy(id);
        var e = new MemberEvent
        {
            Kind = kind, At = now - (long)ago.TotalMilliseconds, Member = Text.From(id), Id = Text.From($"e-{member.Events}"),
        };
        with?.Invoke(e);
        MemberCore.Apply(member, e, now, Rules, new EffectBuffer());
        members[id] = member;
    }

    /// <summary>A message that went out, newest of its topic.</summary>
    public void Send(OutputTopic topic, string json)
    {
        lock (messages)
        {
            if (!messages.TryGetValue(topic, out var list)) messages[topic] = list = [];
            list.Insert(0, Encoding.UTF8.GetBytes(json));
        }
    }

    public Task<Member?> MemberAsync(string id, CancellationToken cancel) => Task.FromResult(members.GetValueOrDefault(id));

    public string Pseudonym(string id) => new Pseudonyms(new byte[32]).Hex(Text.From(id));

    public Task<string?> BehindAsync(string pseudonym, CancellationToken cancel) =>
        Task.FromResult(members.Keys.FirstOrDefault(id => Pseudonym(id) == pseudonym));

    public OpsStatus Report() => report();

    public IReadOnlyList<byte[]> Latest(OutputTopic topic, int most)
    {
        lock (messages) return [.. messages.GetValueOrDefault(topic, []).Take(most)];
    }

    public void Dispose()
    {
        clickHouse.Dispose();
        Status.Dispose();
    }

    // A member that was handed out is not changed any more: a page may be reading it.
    private Member Copy(string id)
    {
        var copy = new Member();
        copy.Reset(Encoding.UTF8.GetBytes(id));
        if (!members.TryGetValue(id, out var known)) return copy;
        var writer = new SnapshotWriter();
        known.Write(writer);
        copy.Read(writer.Written);
        return copy;
    }

    private sealed class Refusing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("too busy") });
    }
}
