using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace Streaming.TestKit.Scenarios;

/// <summary>The topic <c>signals</c> of one scenario: it outlives a crash, and its order
/// depends on what was told, not on when it was sent.</summary>
/// <remarks>A message sent again after a crash stands in it once: repeated signals are tested by scenarios with repeated events.</remarks>
public sealed class SignalLog
{
    private readonly ConcurrentDictionary<string, (string Member, byte[] Value)> sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly List<(byte[] Key, byte[] Value)> log = [];

    /// <summary>Members that were told something.</summary>
    public IEnumerable<string> Members => sent.Values.Select(s => s.Member);

    /// <summary>Messages a reader can read.</summary>
    public IReadOnlyList<(byte[] Key, byte[] Value)> Records => log;

    /// <summary>A message is on its way.</summary>
    public void Sent(JsonObject message, byte[] value) =>
        sent[message["id"]!.GetValue<string>()] = (message["member"]!.GetValue<string>(), value);

    /// <summary>What has been sent becomes readable, in the order of the ids.</summary>
    public void Publish()
    {
        foreach (var (id, (member, value)) in sent.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (known.Add(id)) log.Add((Encoding.UTF8.GetBytes(member), value));
        }
    }
}
