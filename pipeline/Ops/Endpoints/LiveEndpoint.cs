using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Streaming.Ops.Http;
using Streaming.Ops.Live;

namespace Streaming.Ops.Endpoints;

/// <summary>
/// <c>GET /v1/live</c>: server-sent events. First <c>history</c>, the points since <c>Last-Event-ID</c> or all that are kept; then
/// <c>now</c>, every figure, once a second, whose id is the point's. A slow follower misses samples and does not delay others.
/// </summary>
internal static class LiveEndpoint
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    public static void MapLive(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/live", async (HttpContext context, LiveFeed feed, IOptions<JsonOptions> json) =>
    {
        using var place = feed.Follow();
        if (place is null)
        {
            context.Response.Headers.RetryAfter = "30";
            await Problem.Of(StatusCodes.Status503ServiceUnavailable, "too-many-followers",
                "The limit of live followers is reached: close another page, try again later, or raise the setting Ops:MostFollowers.")
                .ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var body = context.Response.Body;
        var stop = context.RequestAborted;
        _ = long.TryParse(context.Request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture,
            out var last);
        var options = json.Value.SerializerOptions;
        try
        {
            await SendAsync("history", last, feed.After(last));
            while (true)
            {
                var sample = await feed.NextAsync(last, Heartbeat, stop);
                if (sample is null)
                {
                    await context.Response.WriteAsync(": still here\n\n", stop);
                    await body.FlushAsync(stop);
                    continue;
                }

                last = sample.Id;
                await SendAsync("now", last, sample);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || feed.Stopped)
        {
            return; // the follower left, or the program stops
        }

        async Task SendAsync<T>(string name, long id, T value)
        {
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {id}\nevent: {name}\ndata: "), stop);
            await JsonSerializer.SerializeAsync(body, value, options, stop);
            await context.Response.WriteAsync("\n\n", stop);
            await body.FlushAsync(stop);
        }
    });
}
