using Microsoft.AspNetCore.Http.HttpResults;
using Streaming.ClickHouse.Client;
using Streaming.Ops.Http;

namespace Streaming.Integration.Tests.Ops;

/// <summary>What the API says when ClickHouse does not answer a question.</summary>
public sealed class ProblemTests
{
    [Theory]
    [InlineData(Fault.Network, 503, "clickhouse-away")]
    [InlineData(Fault.Server, 503, "clickhouse-away")]
    [InlineData(Fault.Setup, 503, "clickhouse-refused")]
    [InlineData(Fault.Request, 500, "query-refused")]
    public void The_code_says_whether_it_is_away_or_refuses(Fault whose, int status, string code)
    {
        var problem = Assert.IsType<ProblemHttpResult>(Problem.Of(new ClickHouseException(whose, 0, "a sentence")));
        Assert.Equal((status, code, "a sentence"), (problem.StatusCode, problem.ProblemDetails.Extensions["code"],
            problem.ProblemDetails.Detail));
    }
}
