using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Streaming.Members;

namespace Streaming.Ops.Endpoints;

/// <summary>The member id in an address, exactly: routing leaves an escaped slash escaped, so that two ids would look the same.</summary>
internal static class MemberId
{
    private const int Segment = 3; // "", "v1", "members", id

    /// <summary>The id of <c>/v1/members/{id}</c> and what lies below; null when no member can have it.</summary>
    public static string? Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?', 2)[0].Split('/');
        if (path.Length <= Segment) return null;
        var id = Uri.UnescapeDataString(path[Segment]);
        return !id.Any(char.IsControl) && id.EnumerateRunes().Count() is > 0 and <= Member.MaxIdCharacters ? id : null;
    }
}
