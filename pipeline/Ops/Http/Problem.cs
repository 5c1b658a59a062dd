using Microsoft.AspNetCore.Http;
using Streaming.ClickHouse.Client;

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

    /// <summary>ClickHouse did not answer a question of this program: it is away or short of something, or an operator must put its
    /// settings right, or the question itself is wrong.</summary>
    public static IResult Of(ClickHouseException fault) => fault.Whose switch
    {
        Fault.Request => Of(StatusCodes.Status500InternalServerError, "query-refused", fault.Message),
        Fault.Setup => Of(StatusCodes.Status503ServiceUnavailable, "clickhouse-refused", fault.Message),
        _ => Of(StatusCodes.Status503ServiceUnavailable, "clickhouse-away", fault.Message),
    };
}
