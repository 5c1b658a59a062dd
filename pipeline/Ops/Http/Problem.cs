using Microsoft.AspNetCore.Http;

namespace Streaming.Ops.Http;

/// <summary>Errors of the API: RFC 9457 problem details, whose <c>code</c> programs may rely on.</summary>
public static class Problem
{
    /// <summary>An answer that says whose fault it is and what to do.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">Stable name of the case, kebab-case.</param>
    /// <param name="detail">One sentence for a person.</param>
    public static IResult Of(int status, string code, string detail) =>
        Results.Problem(statusCode: status, detail: detail, extensions: [new("code", code)]);
}
