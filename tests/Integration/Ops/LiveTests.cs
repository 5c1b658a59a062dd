using System.Net;
using System.Text.Json.Nodes;
using Streaming.Contract.Messages;
using Streaming.Ops;

namespace Streaming.Integration.Tests.Ops;

public class LiveTests
{
    [Fact]
    public async Task The_live_stream_sends_the_history_and_then_messages_with_ascending_ids()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Send(OutputTopic.Rewards, """{"kind":"points-earned","member":"ada","points":5}""");
        var total = 0L;
        ops.Host.Say(() => FakeHost.Well with { Applied = new Dictionary<string, long> { ["view"] = Interlocked.Add(ref total, 20) } });
        await using var follower = await Follower.StartAsync(ops);
        Assert.Equal("history", (await follower.NextAsync()).Name);
        var first = await follower.NextAsync();
        var second = await follower.NextAsync();
        var third = await follower.NextAsync();
        Assert.Equal(["now", "now", "now"], new[] { first, second, third }.Select(message => message.Name));
        Assert.True(first.Id < second.Id && second.Id < third.Id);
        Assert.True((double)third.Data["rates"]!["events"]!["view"]! > 0);
        Assert.Equal("ada", (string?)third.Data["rewards"]![0]!["member"]);
    }

    [Fact]
    public async Task A_reconnected_follower_gets_only_the_missed_points()
    {
        await using var ops = await OpsFixture.StartAsync();
        long last;
        await using (var follower = await Follower.StartAsync(ops))
        {
            await follower.NextAsync();
            last = (await follower.NextAsync()).Id;
        }

        await using var again = await Follower.StartAsync(ops, last);
        var history = await again.NextAsync();
        Assert.All(history.Data.AsArray(), point => Assert.True((long)point!["id"]! > last));
        Assert.True((await again.NextAsync()).Id > last);
    }

    [Fact]
    public async Task A_follower_beyond_the_limit_gets_503_until_a_place_is_free()
    {
        await using var ops = await OpsFixture.StartAsync(new OpsSettings { MostFollowers = 1 });
        await using (var follower = await Follower.StartAsync(ops))
        {
            await follower.NextAsync();
            using var refused = await ops.Http.GetAsync(new Uri("/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("too-many-followers", (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["code"]);
        }

        await TestKit.Until.TrueAsync(async () =>
        {
            using var answer = await ops.Http.GetAsync(new Uri("/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task A_stop_ends_live_streams()
    {
        var ops = await OpsFixture.StartAsync();
        await using var follower = await Follower.StartAsync(ops);
        await follower.NextAsync();
        await ops.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true) await follower.NextAsync();
        });
    }

    [Fact]
    public async Task Status_and_latest_messages_are_answered_as_last_reported()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Send(OutputTopic.ChurnAlerts, """{"kind":"alert-raised","member":"ada","reason":"hiatus"}""");
        await using var follower = await Follower.StartAsync(ops);
        await follower.NextAsync();
        await follower.NextAsync();
        var status = JsonNode.Parse(await ops.Http.GetStringAsync(new Uri("/v1/status", UriKind.Relative)))!;
        Assert.True((bool)status["ready"]!);
        Assert.Equal("127.0.0.1:9092", (string?)status["broker"]!["bootstrap"]);
        Assert.Equal("""[{"kind":"alert-raised","member":"ada","reason":"hiatus"}]""",
            await ops.Http.GetStringAsync(new Uri("/v1/alerts?limit=1", UriKind.Relative)));
        Assert.Equal("[]", await ops.Http.GetStringAsync(new Uri("/v1/rewards", UriKind.Relative)));
        using var wrong = await ops.Http.GetAsync(new Uri("/v1/alerts?limit=51", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }
}
