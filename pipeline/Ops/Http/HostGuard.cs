using Microsoft.AspNetCore.Http;
using Streaming.Common.Http;

namespace Streaming.Ops.Http;

/// <summary>
/// Refuses what a browser sends for another web site: requests for data that another site's page makes, and, without an API key, requests
/// that are not addressed to this machine by a loopback name or its address.
/// </summary>
/// <remarks>
/// Otherwise any web site could resolve its own name to 127.0.0.1 and read members through the visitor's browser (DNS rebinding). The
/// page's own files hold no data: another site may link to them.
/// </remarks>
internal sealed class HostGuard(RequestDelegate next, OpsSettings settings)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (settings.ApiKey.Length == 0 && !RequestOrigin.IsForThisMachine(context))
        {
            return Problem.Of(StatusCodes.Status421MisdirectedRequest, "wrong-host",
                "Without an API key the ops page answers to localhost and 127.0.0.1 only; set an API key to reach it by another name.")
                    .ExecuteAsync(context);
        }

        return context.Request.Path.StartsWithSegments("/v1") && RequestOrigin.IsFromAnotherSite(context.Request)
            ? Problem.Of(StatusCodes.Status403Forbidden, "other-site",
                "A page of another site asked for this (Origin, Sec-Fetch-Site). Behind a proxy, let it pass the Host header on unchanged.")
                    .ExecuteAsync(context)
            : next(context);
    }
}
