using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Streaming.Common.Http;

namespace Streaming.Ops.Http;

/// <summary>
/// Lets requests for data pass only with the API key, when one is set; a wrong key waits for its answer. The page's own files and the
/// health checks hold no data and need none.
/// </summary>
internal sealed class ApiKeyGuard(RequestDelegate next, OpsSettings settings, WrongKeys wrong)
{
    private const string Bearer = "Bearer ";
    private readonly byte[]? expected = settings.ApiKey.Length == 0 ? null : Digest(settings.ApiKey);

    public async Task InvokeAsync(HttpContext context)
    {
        var given = Given(context.Request.Headers);

        // Digests have one length, so the time this takes tells nothing about the key.
        if (expected is null || !context.Request.Path.StartsWithSegments("/v1")
            || CryptographicOperations.FixedTimeEquals(Digest(given), expected))
        {
            await next(context);
            return;
        }

        // The page asks without a key first to learn whether one is needed; that does not count as a wrong key.
        if (given.Length > 0) await wrong.HoldAsync(context.Connection.RemoteIpAddress, context.RequestAborted);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problem.Of(StatusCodes.Status401Unauthorized, "key-needed",
            "This needs the ops API key, as \"Authorization: Bearer …\" or \"X-Api-Key: …\".").ExecuteAsync(context);
    }

    private static string Given(IHeaderDictionary headers)
    {
        var given = headers.Authorization.ToString();
        return given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? given[Bearer.Length..].Trim()
            : headers["X-Api-Key"].ToString();
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
