using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Identity;
using Streaming.Ops.Hosting;
using Streaming.Ops.Http;

namespace Streaming.Ops.Endpoints;

/// <summary><c>GET /v1/pseudonyms/{pseudonym}</c>: the member id behind a pseudonym in ClickHouse. This is the only way to find it; each
/// use is logged, without the member id.</summary>
internal static class PseudonymEndpoint
{
    public static void MapPseudonyms(this IEndpointRouteBuilder v1)
    {
        // One at a time: each reads through all members.
        var turn = new SemaphoreSlim(1);
        v1.MapGet("/pseudonyms/{pseudonym}", async (string pseudonym, HttpContext context, IOpsHost host, ILoggerFactory logs,
            CancellationToken stop) =>
        {
            if (pseudonym.Length != Pseudonyms.Length * 2 || !pseudonym.All(char.IsAsciiHexDigitLower))
            {
                return Problem.Of(StatusCodes.Status400BadRequest, "bad-pseudonym", "A pseudonym is 32 lower-case hex digits, as " +
                    "ClickHouse and the dashboards show it.");
            }

            await turn.WaitAsync(stop);
            try
            {
                var member = await host.BehindAsync(pseudonym, stop);
                logs.CreateLogger("Streaming.Ops").PseudonymAsked(pseudonym, context.Connection.RemoteIpAddress,
                    member is null ? "unknown" : "found");
                return member is null
                    ? Problem.Of(StatusCodes.Status404NotFound, "unknown-pseudonym", "No member has this pseudonym; a member that is new " +
                        "may take a few seconds to be found.")
                    : Results.Ok(new { member });
            }
            finally
            {
                turn.Release();
            }
        });
    }
}
