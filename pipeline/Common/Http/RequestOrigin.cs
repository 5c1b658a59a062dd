using System.Net;
using Microsoft.AspNetCore.Http;

namespace Streaming.Common.Http;

/// <summary>Whether a request was meant for this server by whoever sent it, as far as a browser tells. Pure.</summary>
public static class RequestOrigin
{
    /// <summary>Of a page that comes from here; the second when a proxy in front encrypts.</summary>
    private static readonly string[] Schemes = ["http://", "https://"];

    /// <summary>
    /// Whether the name in <c>Host</c> is this machine's: a loopback name or address, the address the connection came to, or the host's own
    /// name. A web site that resolves its own name to this machine (DNS rebinding) still sends its own name.
    /// </summary>
    public static bool IsForThisMachine(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase))
            return true;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address)) return false;
        return IPAddress.IsLoopback(address) || address.MapToIPv6().Equals(context.Connection.LocalIpAddress?.MapToIPv6());
    }

    /// <summary>Whether a browser says that a page of another site sent the request.
    /// Programs other than browsers send no such header and are let through.</summary>
    public static bool IsFromAnotherSite(HttpRequest request)
    {
        foreach (var site in request.Headers["Sec-Fetch-Site"])
        {
            if (site is not ("same-origin" or "none")) return true;
        }

        foreach (var origin in request.Headers.Origin)
        {
            var scheme = Array.Find(Schemes, s => origin!.StartsWith(s, StringComparison.OrdinalIgnoreCase));
            var authority = scheme is null ? "" : origin![scheme.Length..];
            if (authority.Length == 0 || !authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
