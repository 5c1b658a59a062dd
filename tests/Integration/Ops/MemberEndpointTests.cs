using System.Net;
using System.Text.Json.Nodes;
using Streaming.Members.Events;

namespace Streaming.Integration.Tests.Ops;

public class MemberEndpointTests
{
    [Fact]
    public async Task The_member_endpoint_returns_state_outlook_and_curve()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Buy("ada", 120_0000);
        var member = await Json(ops, "/v1/members/ada");
        Assert.Equal("ada", (string?)member["member"]);
        Assert.True((double)member["score"]! > 0);
        Assert.Equal(1, (long)member["purchases"]!["paid"]!);
        Assert.Equal(120m, (decimal)member["purchases"]!["spent"]!["CNY"]!);
        foreach (var name in new[] { "stage", "points", "lastSeen", "churn", "tier", "level" }) Assert.NotNull(member[name]);
        Assert.NotNull(member["churn"]!["dueAt"]);
        Assert.Matches("^[0-9a-f]{32}$", (string)member["pseudonym"]!);
    }

    [Fact]
    public async Task Last_events_are_returned_newest_first_with_score_and_points()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Buy("ada", 120_0000);
        ops.Host.Happens("ada", EventKind.Review, TimeSpan.FromMinutes(5), e => e.Rating = 4);
        var events = (await Json(ops, "/v1/members/ada"))["lastEvents"]!.AsArray();
        Assert.Equal(["review", "paid"], events.Select(e => (string)e!["kind"]!));
        Assert.Equal(("chats", 4, 8.0, 20L), ((string)events[0]!["topic"]!, (int)events[0]!["rating"]!, (double)events[0]!["score"]!,
            (long)events[0]!["points"]!));
        Assert.Equal((120m, "CNY", 14L), ((decimal)events[1]!["amount"]!, (string)events[1]!["currency"]!, (long)events[1]!["points"]!));
        Assert.True((DateTimeOffset)events[0]!["at"]! > (DateTimeOffset)events[1]!["at"]!);
    }

    [Fact]
    public async Task The_score_curve_falls_from_the_score_and_ends_after_the_due_time()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Buy("ada", 50_0000);
        var member = await Json(ops, "/v1/members/ada");
        var curve = member["curve"]!.AsArray().Select(point => (At: (double)point![0]!, Score: (double)point[1]!)).ToList();
        Assert.Equal((double)member["score"]!, curve[0].Score, 6);
        Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.True(pair.First.At < pair.Second.At && pair.First.Score >= pair.Second.Score));
        Assert.True(curve[^1].At > DateTimeOffset.Parse((string)member["churn"]!["dueAt"]!, null).ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("100%")]
    [InlineData("会员 七")]
    [InlineData("a?b#c&d+e")]
    public async Task An_id_with_special_characters_is_found(string id)
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Buy(id, 1_0000);
        Assert.Equal(id, (string?)(await Json(ops, $"/v1/members/{Uri.EscapeDataString(id)}"))["member"]);
    }

    [Fact]
    public async Task An_id_has_up_to_128_characters_however_many_bytes_they_take()
    {
        await using var ops = await OpsFixture.StartAsync();
        var longest = string.Concat(Enumerable.Repeat("𝄞", 128));
        ops.Host.Buy(longest, 1_0000);
        Assert.Equal(longest, (string?)(await Json(ops, $"/v1/members/{Uri.EscapeDataString(longest)}"))["member"]);
        using var refused = await ops.Http.GetAsync(new Uri($"/v1/members/{Uri.EscapeDataString(longest + "𝄞")}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("bad-member-id", (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["code"]);
    }

    [Fact]
    public async Task An_unknown_member_is_a_404_problem_with_a_code()
    {
        await using var ops = await OpsFixture.StartAsync();
        using var answer = await ops.Http.GetAsync(new Uri("/v1/members/nobody", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("unknown-member", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
    }

    [Theory]
    [InlineData("%0A")]
    [InlineData("x%07y")]
    public async Task An_id_with_control_characters_gets_400(string id) => await IsBad(id);

    [Fact]
    public async Task An_id_of_129_characters_gets_400() => await IsBad(new string('x', 129));

    [Fact]
    public async Task History_gets_503_while_ClickHouse_is_away()
    {
        await using var ops = await OpsFixture.StartAsync();
        using var answer = await ops.Http.GetAsync(new Uri("/v1/members/ada/history", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("clickhouse-away", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
    }

    [Fact]
    public async Task A_pseudonym_is_resolved_to_its_member()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Buy("ada", 1_0000);
        var pseudonym = (string)(await Json(ops, "/v1/members/ada"))["pseudonym"]!;
        Assert.Equal("ada", (string?)(await Json(ops, $"/v1/pseudonyms/{pseudonym}"))["member"]);
        using var unknown = await ops.Http.GetAsync(new Uri($"/v1/pseudonyms/{new string('0', 32)}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var wrong = await ops.Http.GetAsync(new Uri("/v1/pseudonyms/ada", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    private static async Task IsBad(string id)
    {
        await using var ops = await OpsFixture.StartAsync();
        using var answer = await ops.Http.GetAsync(new Uri($"/v1/members/{id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("bad-member-id", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
    }

    private static async Task<JsonNode> Json(OpsFixture ops, string path) =>
        JsonNode.Parse(await ops.Http.GetStringAsync(new Uri(path, UriKind.Relative)))!;
}
