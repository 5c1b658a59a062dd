using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Streaming.Ops.Health;
using Streaming.Pipeline.Hosting;

namespace Streaming.Ops.Endpoints;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it does its work, or 503 with the reasons.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" }));
        app.MapGet("/health/ready", (IOpsHost host, OpsSettings settings, TimeProvider time) =>
        {
            var reasons = Readiness.Reasons(host.Report(), settings, time.GetUtcNow().ToUnixTimeMilliseconds());
            return reasons.Count == 0
                ? Results.Ok(new { status = "ready", reasons })
                : Results.Json(new { status = "not-ready", reasons }, statusCode: StatusCodes.Status503ServiceUnavailable);
        });
    }
}
