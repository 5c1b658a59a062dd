using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Streaming.Pipeline.Sinks.ClickHouse;

namespace Streaming.Ops.Dashboards;

/// <summary>Dashboards over HTTP: the files, and the answers to their queries. A browser names a panel; it never sends a query.</summary>
public static class DashboardEndpoints
{
    // ClickHouse's TOO_MANY_ROWS, TIMEOUT_EXCEEDED, TOO_SLOW, MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS_OR_BYTES: the question is too large.
    private static readonly int[] TooMuch = [158, 159, 160, 241, 396];

    /// <summary>Adds the routes under <c>/v1/dashboards</c>.</summary>
    public static void MapDashboards(this IEndpointRouteBuilder routes, DashboardQueries queries)
    {
        var library = queries.Library;
        routes.MapGet("/v1/dashboards", () => library.All.Select(d => new { d.Uid, d.Title, d.Tags }));
        routes.MapGet("/v1/dashboards/{uid}", (string uid) =>
            library.Find(uid) is { } dashboard ? Results.Bytes(dashboard.File, "application/json") : NoDashboard(uid));
        routes.MapPost("/v1/dashboards/{uid}/panels/{id:int}", async (string uid, int id, PanelRequest asked, CancellationToken stop) =>
        {
            if (library.Find(uid) is not { } dashboard) return NoDashboard(uid);
            return dashboard.Panels.TryGetValue(id, out var panel)
                ? await AnswerAsync(async () => await queries.RunAsync(dashboard, panel, asked, stop))
                : Results.Problem($"Dashboard {uid} has no panel {id} with queries.", statusCode: 404);
        });
        routes.MapGet("/v1/dashboards/{uid}/variables/{name}", async (string uid, string name, CancellationToken stop) =>
        {
            if (library.Find(uid) is not { } dashboard) return NoDashboard(uid);
            return dashboard.Variables.FirstOrDefault(v => v.Name == name) is { } variable
                ? await AnswerAsync(async () => new { variable.Name, variable.Label, variable.Type, variable.Multi, variable.IncludeAll, Options = await queries.OptionsAsync(variable, stop) })
                : Results.Problem($"Dashboard {uid} has no variable {name}.", statusCode: 404);
        });
    }

    private static async Task<IResult> AnswerAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return Results.Json(await ask());
        }
        catch (QueryRequestException e)
        {
            return Results.Problem(e.Message, title: "This cannot be asked", statusCode: 400);
        }
        catch (QueryBusyException e)
        {
            return Results.Problem(e.Message, title: "Too many panels at once", statusCode: 503);
        }
        catch (ClickHouseException e) when (TooMuch.Contains(e.Code))
        {
            return Results.Problem(e.Message, title: "Too much to read: choose a shorter time range", statusCode: 422);
        }
        catch (ClickHouseException e)
        {
            return Results.Problem(e.Message, title: e.IsRetryable ? "ClickHouse is away" : "ClickHouse refused the query", statusCode: e.IsRetryable ? 503 : 500);
        }
        catch (QueryTemplateException e)
        {
            return Results.Problem(e.Message, title: "A mistake in the dashboard file", statusCode: 500);
        }
    }

    private static ProblemHttpResult NoDashboard(string uid) => TypedResults.Problem($"There is no dashboard {uid}.", statusCode: 404);
}
