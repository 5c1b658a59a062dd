using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Access;

/// <summary>User and password of a request, from the places that ClickHouse accepts: its own
/// headers, Basic authentication, the URL, in this order.</summary>
/// <param name="User">Name; <c>default</c> when none is given.</param>
/// <param name="Password">Empty when none is given.</param>
internal readonly record struct Credentials(string User, string Password)
{
    private const string DefaultUser = "default";

    /// <summary>Reads them.</summary>
    /// <exception cref="QueryException">The header cannot be read.</exception>
    public static Credentials Of(HttpRequest http, UrlParameters url)
    {
        var (user, password) = (http.Headers["X-ClickHouse-User"].LastOrDefault() ?? "",
            http.Headers["X-ClickHouse-Key"].LastOrDefault() ?? "");
        if (user.Length > 0 || password.Length > 0) return Named(user, password);
        if (AuthenticationHeaderValue.TryParse(http.Headers.Authorization, out var header)
            && header is { Scheme: "Basic", Parameter: { } basic })
        {
            var bytes = new byte[basic.Length];
            var text = Convert.TryFromBase64String(basic, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
            var colon = text.IndexOf(':');
            return colon >= 0
                ? Named(text[..colon], text[(colon + 1)..])
                : throw new QueryException(ErrorCode.AuthenticationFailed, "The Authorization header is not Basic user:password " +
                    "in base64.");
        }

        return Named(url["user"], url["password"]);
    }

    private static Credentials Named(string user, string password) => new(user.Length > 0 ? user : DefaultUser, password);
}
