using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Streaming.Contract.Messages;
using Streaming.Ops.Hosting;
using Streaming.Ops.Http;
using Streaming.Ops.Live;

namespace Streaming.Ops.Endpoints;

/// <summary>All figures at once, and the latest messages of the output topics as they went to Kafka.</summary>
internal static class StatusEndpoints
{
    private const int Most = 50;

    public static void MapStatus(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/status", (LiveFeed feed) => feed.Latest is { } sample ? Results.Json(sample)
            : Problem.Of(StatusCodes.Status503ServiceUnavailable, "starting", "The first sample is taken within a second; ask again."));
        v1.MapGet("/alerts", (IOpsHost host, int limit = Most) => Latest(host, OutputTopic.ChurnAlerts, limit));
        v1.MapGet("/rewards", (IOpsHost host, int limit = Most) => Latest(host, OutputTopic.Rewards, limit));
    }

    private static IResult Latest(IOpsHost host, OutputTopic topic, int limit)
    {
        if (limit is < 1 or > Most) return Problem.Of(StatusCodes.Status400BadRequest, "bad-limit", $"limit must be 1 to {Most}.");
        var body = new StringBuilder("[").AppendJoin(',', host.Latest(topic, limit).Select(Encoding.UTF8.GetString)).Append(']');
        return Results.Text(body.ToString(), "application/json");
    }
}
