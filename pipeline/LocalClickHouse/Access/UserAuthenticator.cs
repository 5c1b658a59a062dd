using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Streaming.Common.Http;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Access;

/// <summary>Identifies users by name and password. The answer to a wrong password is delayed, and the attempt is logged.
/// Thread-safe.</summary>
internal sealed class UserAuthenticator(ClickHouseOptions options, WrongKeys wrong)
{
    private readonly byte[] owner = Digest(options.User, options.Password);
    private readonly byte[] reader = Digest(ClickHouseUsers.ReaderName, options.ReaderPassword);

    /// <summary>The user of this name with this password.</summary>
    /// <exception cref="QueryException">There is none.</exception>
    public async Task<Caller> IdentifyAsync(HttpContext context, UrlParameters url)
    {
        // Digests have one length and both are compared, so the time this takes tells nothing about either.
        var (user, password) = Credentials.Of(context.Request, url);
        var given = Digest(user, password);
        var isOwner = CryptographicOperations.FixedTimeEquals(given, owner);
        var isReader = CryptographicOperations.FixedTimeEquals(given, reader);
        if (isOwner || isReader) return isOwner ? Caller.Owner : Caller.Reader;
        // a request without a password is not counted as a guess
        if (password.Length > 0) await wrong.HoldAsync(context.Connection.RemoteIpAddress, context.RequestAborted);
        throw new QueryException(ErrorCode.AuthenticationFailed, $"{user}: Authentication failed: password is incorrect, or there is no " +
            "user with such name.");
    }

    private static byte[] Digest(string user, string password) => SHA256.HashData(Encoding.UTF8.GetBytes(user + '\0' + password));
}
