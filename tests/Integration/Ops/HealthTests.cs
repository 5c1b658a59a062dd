using System.Net;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Status;
using Streaming.Ops;
using Streaming.Ops.Health;
using Streaming.Ops.Hosting;

namespace Streaming.Integration.Tests.Ops;

public class HealthTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly OpsSettings Settings =
        new() { BrokerAwayLimit = TimeSpan.FromSeconds(30), ClickHouseAwayLimit = TimeSpan.FromMinutes(1) };

    [Fact]
    public void The_reasons_for_not_ready_are_exactly_the_failing_parts() => Prop.ForAll(
        ArbMap.Default.ArbFor<(bool Recovering, bool Failing, bool Refused, byte Parked, byte BrokerAway, byte ClickHouseAway)>(),
        state =>
        {
            var status = FakeHost.Well with
            {
                Recovering = state.Recovering,
                CommitFailure = state.Failing ? "disk full" : null,
                Parked = state.Parked,
                Broker = new BrokerStatus { AwaySince = state.BrokerAway == 0 ? 0 : Now - (state.BrokerAway * 1000L) },
                ClickHouse = new ClickHouseStatus
                {
                    Migrated = true, Refused = state.Refused ? "0001 was changed" : null, AwaySince = state.ClickHouseAway == 0 ? 0
                    : Now - (state.ClickHouseAway * 1000L),
                },
            };
            var expected = new List<string>();
            if (state.Recovering) expected.Add("recovering");
            if (state.Failing) expected.Add("commit-failing");
            if (state.BrokerAway > 30) expected.Add("broker-away");
            if (state.ClickHouseAway > 60) expected.Add("clickhouse-away");
            if (state.Refused) expected.Add("clickhouse-refused");
            Assert.Equal(expected, Readiness.Reasons(status, Settings, Now).Select(reason => reason.Code));
            // named, and never a reason
            Assert.Equal(state.Parked > 0 ? ["parked"] : [], Readiness.Notes(status).Select(note => note.Code));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Ready_gets_503_with_a_reason_and_then_200_again()
    {
        await using var ops = await OpsFixture.StartAsync(Settings);
        Assert.Equal(HttpStatusCode.OK, (await Ready(ops)).Status);
        ops.Host.Say(FakeHost.Well with { ClickHouse =
            new ClickHouseStatus { Migrated = true, AwaySince = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 61_000, Waiting = 42 } });
        var (status, body) = await Ready(ops);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("clickhouse-away", (string?)body["reasons"]![0]!["code"]);
        Assert.Contains("42 blocks wait", (string?)body["reasons"]![0]!["message"], StringComparison.Ordinal);
        ops.Host.Say(FakeHost.Well);
        Assert.Equal(HttpStatusCode.OK, (await Ready(ops)).Status);
    }

    [Fact]
    public async Task Health_live_gets_200_while_commits_fail()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Say(FakeHost.Well with { CommitFailure = "disk full" });
        using var answer = await ops.Http.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> Ready(OpsFixture ops)
    {
        using var answer = await ops.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
