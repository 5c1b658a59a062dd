using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Streaming.Contract.Identity;

namespace Streaming.Ops.Endpoints;

/// <summary>The member id in an address, exactly: taken from the raw path, because routing leaves an escaped slash escaped and two ids
/// would look the same.</summary>
internal static class MemberId
{
    private const int Segment = 3; // "", "v1", "members", id

    /// <summary>The id of <c>/v1/members/{id}</c> and what lies below; null when no member can
    /// have it, by the rule of the decoder (<see cref="Ids"/>).</summary>
    public static string? Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?', 2)[0].Split('/');
        return path.Length > Segment && Unescape(path[Segment]) is { } id && Ids.IsMember(id) ? Encoding.UTF8.GetString(id) : null;
    }

    // Percent-encoding, strictly: a malformed escape is refused here; bytes that are not UTF-8 are refused by Ids.IsMember.
    private static byte[]? Unescape(string segment)
    {
        var bytes = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%') bytes.AddRange(Encoding.UTF8.GetBytes([segment[i]]));
            else if (i + 2 < segment.Length && char.IsAsciiHexDigit(segment[i + 1]) && char.IsAsciiHexDigit(segment[i + 2]))
            {
                bytes.Add(Convert.FromHexString(segment.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else return null;
        }

        return [.. bytes];
    }
}
