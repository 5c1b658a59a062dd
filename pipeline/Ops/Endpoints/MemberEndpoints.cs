using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Streaming.ClickHouse.Client;
using Streaming.Engine.Storing;
using Streaming.Engine.Views;
using Streaming.Members;
using Streaming.Ops.Hosting;
using Streaming.Ops.Http;

namespace Streaming.Ops.Endpoints;

/// <summary>One member: <c>/v1/members/{id}</c>, its state now and its score from now on if nothing more happens;
/// <c>…/history</c>, what happened to it and why, from ClickHouse.</summary>
internal static class MemberEndpoints
{
    private const string HistoryQuery = """
        SELECT toUnixTimestamp64Milli(at) AS at, kind, rule, points, `from`, `to`, reason, cause, why FROM
        (
            SELECT at, kind, rule, toInt64(0) AS points, `from`, `to`, reason, cause, why FROM alerts WHERE member = {pseudonym:String}
            UNION ALL SELECT at, kind, rule, points, `from`, `to`, reason, cause, why FROM rewards WHERE member = {pseudonym:String}
            UNION ALL SELECT at, kind, rule, toInt64(0), channel, action, reason, cause, why FROM care_actions WHERE member = {pseudonym:String}
            UNION ALL SELECT at, kind, rule, toInt64(0), `from`, `to`, reason, cause, why FROM changes WHERE member = {pseudonym:String}
        )
        ORDER BY at DESC LIMIT 100
        """;

    // 64-bit numbers as numbers: they are times and points, far below 2^53.
    private static readonly Dictionary<string, string> Plain = new() { ["output_format_json_quote_64bit_integers"] = "0" };

    public static void MapMembers(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/members/{id}", async (HttpContext context, IOpsHost host, TimeProvider time, IOptions<JsonOptions> json,
            CancellationToken stop) =>
        {
            if (MemberId.Of(context) is not { } id) return BadId();
            Member? member;
            try
            {
                member = await host.MemberAsync(id, stop);
            }
            catch (StoreException e)
            {
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, "store-unreadable", e.Message);
            }

            if (member is null) return Unknown();
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var view = JsonSerializer.SerializeToNode(MemberView.Of(member, host.Rules, now), json.Value.SerializerOptions)!.AsObject();
            view["now"] = now;
            view["pseudonym"] = host.Pseudonym(id);
            view["curve"] = JsonSerializer.SerializeToNode(ScoreCurve.Of(member, host.Rules, now));
            return Results.Json(view);
        });
        v1.MapGet("/members/{id}/history", async (HttpContext context, IOpsHost host, CancellationToken stop) =>
        {
            if (MemberId.Of(context) is not { } id) return BadId();
            try
            {
                var parameters = new Dictionary<string, string> { ["pseudonym"] = host.Pseudonym(id) };
                var answer = await host.ClickHouse.QueryAsync(HistoryQuery, parameters, "JSON", querySettings: Plain, stop: stop);
                return Results.Json(JsonNode.Parse(answer)!["data"]);
            }
            catch (ClickHouseException e)
            {
                return Problem.Of(e);
            }
        });
    }

    private static IResult BadId() =>
        Problem.Of(StatusCodes.Status400BadRequest, "bad-member-id",
            $"A member id has 1 to {Member.MaxIdCharacters} characters, is neither . nor .., and holds no control or invisible " +
            "character; in an address it is percent-encoded UTF-8.");

    private static IResult Unknown() =>
        Problem.Of(StatusCodes.Status404NotFound, "unknown-member", "No event of this member has been applied; ids are exact.");
}
