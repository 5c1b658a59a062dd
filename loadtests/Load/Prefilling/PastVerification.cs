using System.Globalization;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.Engine.Storing;
using Streaming.Members;

namespace Streaming.Loadtests.Load.Prefilling;

/// <summary>Whether a prefilled store is whole, and ClickHouse holds what its members say of themselves.</summary>
internal static class PastVerification
{
    private const int Page = 10_000;

    /// <summary>Reads every member and compares.</summary>
    /// <returns>Events of all members.</returns>
    /// <exception cref="CommandException">They do not agree.</exception>
    public static async Task<long> RunAsync(PastPlan plan, IStore store, ClickHouseClient clickhouse, CancellationToken stop)
    {
        var (members, events) = Count(store, stop);
        var answer = await clickhouse.QueryAsync("SELECT (SELECT sum(events) FROM activity), (SELECT sum(members) FROM population WHERE " +
            "gauge = 'stage')", stop: stop);
        var shown = answer.Trim().Split('\t').Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        if (members == plan.Members && shown[0] == events && shown[1] == members) return events;
        throw new CommandException(string.Create(CultureInfo.InvariantCulture,
            $"What was prefilled is not whole: {members:N0} members of {plan.Members:N0} are stored, with {events:N0} events; ClickHouse " +
                $"shows {shown[1]:N0} members and {shown[0]:N0} events. Delete the directory and prefill again."));
    }

    private static (long Members, long Events) Count(IStore store, CancellationToken stop)
    {
        using var reader = store.OpenReader();
        var member = new Member();
        var (members, events) = (0L, 0L);
        var after = Array.Empty<byte>();
        for (var ids = reader.Ids(after, Page); ids.Count > 0; ids = reader.Ids(after, Page))
        {
            stop.ThrowIfCancellationRequested();
            foreach (var id in ids)
            {
                if (!reader.TryRead(id, out var stored)) continue;
                member.Reset(id);
                member.Read(stored.State);
                members++;
                events += member.Events;
            }

            after = ids[^1];
        }

        return (members, events);
    }
}
