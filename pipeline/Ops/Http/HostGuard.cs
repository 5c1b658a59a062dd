using System.Net;
using Microsoft.AspNetCore.Http;

namespace Streaming.Ops.Http;

/// <summary>Without an API key, answers only requests addressed to this machine by a loopback name.</summary>
/// <remarks>Otherwise any web site could let its own name point to 127.0.0.1 and read members through the visitor's browser (DNS rebinding).</remarks>
internal sealed class HostGuard(RequestDelegate next, OpsSettings settings)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (settings.ApiKey.Length > 0 || IsLoopback(context.Request.Host.Host)) return next(context);
        return Problem.Of(StatusCodes.Status421MisdirectedRequest, "wrong-host",
            "Without an API key the ops page answers to localhost and 127.0.0.1 only; set an API key to reach it by another name.").ExecuteAsync(context);
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
