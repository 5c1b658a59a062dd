using Microsoft.AspNetCore.Http;
using Streaming.LocalClickHouse.Embedding;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>Runs the statement of a request, if the gate lets it through, and sends the outcome. Thread-safe.</summary>
/// <remarks>
/// Atomicity: an insert begins when its body has arrived whole, so a client that breaks off changes nothing. A body whose rows fit one
/// block (1,048,449 rows and 256 MiB in memory) and one partition becomes one part: all or nothing, also across kill -9. A larger one
/// becomes several parts, as on a server.
/// </remarks>
internal sealed class StatementRunner(ClickHouseOptions options, Gate gate, QueryRunner runner, Responses responses, Spool spool)
{
    /// <summary>No statement can change these: they are on no list of the gate.</summary>
    private static readonly (string, string)[] LiteralsOnly = [("input_format_values_interpret_expressions", "0"),
        ("input_format_values_deduce_templates_of_expressions", "0")];

    /// <summary>Runs it and sends the outcome.</summary>
    /// <exception cref="QueryException">It is refused, or it failed.</exception>
    public async Task RunAsync(HttpContext context, QueryRequest request, Caller caller)
    {
        var cancel = context.RequestAborted;
        var body = RequestBody.Open(context.Request, request);
        var text = await QueryText.ReadAsync(request.Query, body, options.MaxRequestBytes, cancel);
        var statement = Statement.Parse(text.Head, text.Whole);
        if (gate.Check(statement, caller, request.ReadOnly, request.Parameters) is { } refusal)
        {
            throw new QueryException(refusal);
        }
        switch (statement.Kind)
        {
            case StatementKind.InsertData:
                await InsertAsync(context, request, statement, text);
                break;
            case StatementKind.Read:
                await new ReadResponse(runner, responses, options, spool).SendAsync(context, request, statement);
                break;
            default:
                await ExecuteAsync(context, request, statement);
                break;
        }
    }

    private async Task InsertAsync(HttpContext context, QueryRequest request, Statement statement, QueryText text)
    {
        await using var file = spool.NewFile();
        await text.SpoolAsync(statement.DataStart, file, context.RequestAborted);
        await using var lease = await runner.BeginAsync(statement, request, context.RequestAborted);
        if ("Values".Equals(statement.Format, StringComparison.OrdinalIgnoreCase))
        {
            await ValuesAsync(statement, text, lease);
        }
        // From here on the insert happens, whether or not the client waits for the answer. A client that gave up before must not find its
        // rows later.
        context.RequestAborted.ThrowIfCancellationRequested();
        var result = runner.Check(await lease.Connection.RunAsync(statement.InsertFrom(file.Path), request.DefaultFormat,
            request.Parameters));
        Responses.Summarize(context.Response,
            result with { ReadRows = result.WrittenRows, ReadBytes = result.WrittenBytes, ResultRows = result.WrittenRows,
            ResultBytes = result.WrittenBytes });
        context.Response.ContentType = "text/plain; charset=UTF-8";
    }

    /// <summary><c>VALUES</c> may hold expressions. Short ones are looked through; long ones are taken as literals only.</summary>
    private async Task ValuesAsync(Statement statement, QueryText text, Lease lease)
    {
        if (!text.Whole)
        {
            await lease.SetAsync(LiteralsOnly, runner.Check);
        }
        else if (Gate.CheckValues(text.Head[statement.DataStart..]) is { } refusal)
        {
            // What is not SQL may still be rows of plain literals; what is refused is refused.
            if (refusal.Code != (int)ErrorCode.SyntaxError)
            {
                throw new QueryException(refusal);
            }
            await lease.SetAsync(LiteralsOnly, runner.Check);
        }
    }

    /// <summary>What gives no rows or few: DDL, <c>KILL</c>, <c>INSERT … SELECT</c>.</summary>
    private async Task ExecuteAsync(HttpContext context, QueryRequest request, Statement statement)
    {
        var result = runner.Check(VerbRules.KilledQuery(statement) is { } id
            ? await runner.KillAsync(id, request.DefaultFormat)
            : await ChangeAsync(context, request, statement));
        Responses.Describe(context.Response, statement.Format ?? request.DefaultFormat);
        Responses.Summarize(context.Response, result);
        if (result.Body.Length > 0)
        {
            await using var target = ResponseBody.Open(context.Response, request, statement.Format ?? request.DefaultFormat);
            await target.WriteAsync(result.Body);
        }
    }

    private async Task<EngineResult> ChangeAsync(HttpContext context, QueryRequest request, Statement statement)
    {
        await using var lease = await runner.BeginAsync(statement, request, context.RequestAborted);
        return await lease.Connection.RunAsync(statement.Plain(), request.DefaultFormat, request.Parameters);
    }
}
