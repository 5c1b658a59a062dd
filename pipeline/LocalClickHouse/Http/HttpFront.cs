using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Streaming.Common.Http;
using Streaming.LocalClickHouse.Access;
using Streaming.LocalClickHouse.Embedding;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>
/// ClickHouse's HTTP interface: turns a request into a statement for the engine and the outcome into a response. Thread-safe.
/// </summary>
/// <remarks>
/// Atomicity: an insert begins when its body has arrived whole, so a client that breaks off changes nothing. A body whose rows fit one
/// block (1,048,449 rows and 256 MiB in memory) and one partition becomes one part: all or nothing, also across kill -9. A larger one
/// becomes several parts, as on a server.
/// </remarks>
internal sealed class HttpFront(ClickHouseOptions options, Callers callers, SettingRules rules, Gate gate, QueryRunner runner,
    Responses responses, Spool spool, Action<string> log)
{
    /// <summary>No statement can change these: they are on no list of the gate.</summary>
    private static readonly (string, string)[] LiteralsOnly = [("input_format_values_interpret_expressions", "0"),
        ("input_format_values_deduce_templates_of_expressions", "0")];

    private readonly ConcurrentDictionary<string, bool> running = new(StringComparer.Ordinal);

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!Addressed.ToThisMachine(context) || Addressed.FromAnotherSite(request))
        {
            await responses.FailAsync(context.Response,
                new QueryError(ErrorCode.AccessDenied, "This ClickHouse answers requests that are addressed to this machine by " +
                "localhost or its address, and none that another web site's page makes."));
            return;
        }
        switch (request.Path.Value)
        {
            case "/ping" or "/replicas_status":
                await SayAsync(context.Response, StatusCodes.Status200OK, "Ok.\n");
                return;
            case "/" when !request.QueryString.HasValue && !HttpMethods.IsPost(request.Method):
                await SayAsync(context.Response, StatusCodes.Status200OK, "Ok.\n");
                return;
            default:
                if (HttpMethods.IsPost(request.Method)
                    || (request.QueryString.HasValue && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))))
                {
                    await QueryAsync(context);
                    return;
                }
                await SayAsync(context.Response, StatusCodes.Status404NotFound,
                    $"There is no handle {request.Path}. Queries go to / (GET ?query=… or POST), health checks to /ping.\n");
                return;
        }
    }

    private async Task QueryAsync(HttpContext context)
    {
        var http = context.Response;
        var id = "not known yet";
        try
        {
            var url = UrlParameters.Of(context.Request);
            var caller = await callers.IdentifyAsync(context, url);
            var request = QueryRequest.Read(context.Request, url, rules, caller);
            id = request.QueryId;
            responses.Identify(http, request);
            if (!running.TryAdd(request.QueryId, true))
            {
                throw new QueryException(ErrorCode.QueryWithSameIdIsAlreadyRunning,
                    $"Query with id = {request.QueryId} is already running.");
            }
            try
            {
                await RunAsync(context, request, caller);
            }
            finally
            {
                running.TryRemove(request.QueryId, out _);
            }
        }
        catch (QueryException e) when (!http.HasStarted)
        {
            await responses.FailAsync(http, e.Error);
        }
        catch (BadHttpRequestException e) when (!http.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            http.StatusCode = e.StatusCode;
            await http.WriteAsync(e.Message + "\n");
        }
        catch (IOException e) when (!http.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await responses.FailAsync(http,
                new QueryError(ErrorCode.NotEnoughSpace, $"The request could not be kept on disk in {spool.Directory}: {e.Message}"));
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client left; what it asked for was stopped where that is possible, and nobody is there to be told.
            context.Abort();
        }
        catch (Exception e) when (e is not QueryException)
        {
            log($"query {id} failed in an unexpected way: {e}");
            if (http.HasStarted)
            {
                context.Abort();
                return;
            }
            await responses.FailAsync(http,
                new QueryError(ErrorCode.Unknown, $"The program failed in an unexpected way ({e.GetType().Name}); " +
                $"its log says more under query id {id}."));
        }
    }

    private async Task RunAsync(HttpContext context, QueryRequest request, Caller caller)
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

    private static async Task SayAsync(HttpResponse response, int status, string text)
    {
        response.StatusCode = status;
        response.ContentType = "text/html; charset=UTF-8";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
    }
}
