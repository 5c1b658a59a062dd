using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Streaming.ClickHouse.Client;
using Streaming.Ops.Hosting;
using Streaming.Ops.Http;

namespace Streaming.Ops.Endpoints;

/// <summary><c>GET /v1/span</c>: the times of the first and the last event, so that the page opens a replayed store at its own time
/// range.</summary>
internal static class SpanEndpoint
{
    private const string Query = "SELECT count(), toUnixTimestamp(min(minute)), toUnixTimestamp(max(minute)) FROM activity";

    public static void MapSpan(this IEndpointRouteBuilder v1) => v1.MapGet("/span", async (IOpsHost host, CancellationToken stop) =>
    {
        try
        {
            var cells = (await host.ClickHouse.QueryAsync(Query, stop: stop)).Trim().Split('\t');
            return cells[0] == "0" ? Results.Json(new Span(null, null))
                : Results.Json(new Span(Milliseconds(cells[1]), Milliseconds(cells[2])));
        }
        catch (ClickHouseException e)
        {
            return Problem.Of(e);
        }
    });

    private static long Milliseconds(string seconds) => long.Parse(seconds, CultureInfo.InvariantCulture) * 1000;

    /// <summary>Epoch milliseconds of the first and the last minute with an event; null without any.</summary>
    private sealed record Span(long? From, long? To);
}
