using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Streaming.Ops.Hosting;

namespace Streaming.Ops.Health;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: the host is ready, or 503 with the reasons. Notes are added;
/// they do not change the status.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" }));
        app.MapGet("/health/ready", (IOpsHost host, OpsSettings settings, TimeProvider time) =>
        {
            var report = host.Report();
            var reasons = Readiness.Reasons(report, settings, time.GetUtcNow().ToUnixTimeMilliseconds());
            var notes = Readiness.Notes(report);
            return reasons.Count == 0
                ? Results.Ok(new { status = "ready", reasons, notes })
                : Results.Json(new { status = "not-ready", reasons, notes }, statusCode: StatusCodes.Status503ServiceUnavailable);
        });
    }
}
