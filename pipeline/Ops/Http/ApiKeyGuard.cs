using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Streaming.Ops.Http;

/// <summary>Lets requests for data pass only with the API key, when one is set. The page's own files and the health checks hold no data and need none.</summary>
internal sealed class ApiKeyGuard(RequestDelegate next, OpsSettings settings)
{
    private const string Bearer = "Bearer ";
    private readonly byte[]? expected = settings.ApiKey.Length == 0 ? null : Digest(settings.ApiKey);

    public Task InvokeAsync(HttpContext context)
    {
        if (expected is null || !context.Request.Path.StartsWithSegments("/v1") || Matches(context.Request.Headers)) return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(StatusCodes.Status401Unauthorized, "key-needed",
            "This needs the ops API key, as \"Authorization: Bearer …\" or \"X-Api-Key: …\".").ExecuteAsync(context);
    }

    private bool Matches(IHeaderDictionary headers)
    {
        var given = headers.Authorization.ToString();
        given = given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? given[Bearer.Length..].Trim() : headers["X-Api-Key"].ToString();

        // Digests have one length, so the time this takes tells nothing about the key.
        return CryptographicOperations.FixedTimeEquals(Digest(given), expected);
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
