using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Streaming.Common.Http;
using Streaming.LocalClickHouse.Access;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>
/// ClickHouse's HTTP interface: turns a request into a statement for the engine and the outcome into a response. Thread-safe.
/// </summary>
internal sealed class HttpFront(
    UserAuthenticator callers, SettingRules rules, StatementRunner statements, Responses responses, Spool spool, Action<string> log)
{
    private readonly ConcurrentDictionary<string, bool> running = new(StringComparer.Ordinal);

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!RequestOrigin.IsForThisMachine(context) || RequestOrigin.IsFromAnotherSite(request))
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
                await statements.RunAsync(context, request, caller);
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
            // The client disconnected. Its query was stopped if possible, and no answer is sent.
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
                new QueryError(ErrorCode.Unknown, $"This is a mistake in local-clickhouse, not in the request ({e.GetType().Name}); " +
                $"its log says more under query id {id}."));
        }
    }

    private static async Task SayAsync(HttpResponse response, int status, string text)
    {
        response.StatusCode = status;
        response.ContentType = "text/html; charset=UTF-8";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
    }
}
