using Streaming.ClickHouse.Client;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Members;
using Streaming.Members.Rules;

namespace Streaming.Ops.Hosting;

/// <summary>What the ops API asks of a host, on one machine or in a cluster. Thread-safe.</summary>
public interface IOpsHost
{
    /// <summary>What the host counts and measures; its instruments are made public by the ops server.</summary>
    HostStatus Status { get; }

    /// <summary>The rules in force.</summary>
    RuleSet Rules { get; }

    /// <summary>For the dashboards' and the page's queries.</summary>
    IClickHouse ClickHouse { get; }

    /// <summary>A member's state as of a durable commit, or null for an unknown member.</summary>
    Task<Member?> MemberAsync(string id, CancellationToken cancel);

    /// <summary>The name under which ClickHouse knows a member: 32 lower-case hex digits.</summary>
    string Pseudonym(string id);

    /// <summary>
    /// The member behind a pseudonym, or null. A pseudonym cannot be decoded, so every member with a snapshot is tried (some seconds for
    /// ten million). A member that is new in the last few seconds may be missed.
    /// </summary>
    Task<string?> BehindAsync(string pseudonym, CancellationToken cancel);

    /// <summary>How the host is at this moment. Cheap enough to be asked every second.</summary>
    OpsStatus Report();

    /// <summary>Values (JSON) of the latest messages of a topic, newest first.</summary>
    IReadOnlyList<byte[]> Latest(OutputTopic topic, int most);
}
