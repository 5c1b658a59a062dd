using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Streaming.ClickHouse.Client;
using Streaming.Ops.Http;

namespace Streaming.Ops.Dashboards;

/// <summary>Dashboards over HTTP: the files, and the answers to their queries. A browser names a panel; it never sends a query.</summary>
public static class DashboardEndpoints
{
    // ClickHouse's TOO_MANY_ROWS, TIMEOUT_EXCEEDED, TOO_SLOW, MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS_OR_BYTES: the question is too large.
    private static readonly int[] TooMuch = [158, 159, 160, 241, 396];

    /// <summary>Adds <c>/dashboards</c> and what is below it.</summary>
    public static void MapDashboards(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dashboards", (DashboardLibrary library) => library.All.Select(d => new { d.Uid, d.Title, d.Tags }));
        routes.MapGet("/dashboards/{uid}", (string uid, DashboardLibrary library) =>
            library.Find(uid) is { } dashboard ? Results.Bytes(dashboard.File, "application/json") : NoDashboard(uid));
        routes.MapPost("/dashboards/{uid}/panels/{id:int}", async (string uid, int id, PanelRequest asked, DashboardQueries queries,
            CancellationToken stop) =>
        {
            if (queries.Library.Find(uid) is not { } dashboard) return NoDashboard(uid);
            return dashboard.Panels.TryGetValue(id, out var panel)
                ? await AnswerAsync(async () => await queries.RunAsync(dashboard, panel, asked, stop))
                : Problem.Of(404, "no-panel", $"Dashboard {uid} has no panel {id} with queries.");
        });
        routes.MapGet("/dashboards/{uid}/variables/{name}", async (string uid, string name, DashboardQueries queries,
            CancellationToken stop) =>
        {
            if (queries.Library.Find(uid) is not { } dashboard) return NoDashboard(uid);
            return dashboard.Variables.FirstOrDefault(v => v.Name == name) is { } variable
                ? await AnswerAsync(async () => new { variable.Name, variable.Label, variable.Type, variable.Multi, variable.IncludeAll,
                    Options = await queries.OptionsAsync(variable, stop) })
                : Problem.Of(404, "no-variable", $"Dashboard {uid} has no variable {name}.");
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
            return Problem.Of(400, "bad-request", e.Message);
        }
        catch (QueryBusyException e)
        {
            return Problem.Of(503, "busy", e.Message);
        }
        catch (ClickHouseException e) when (TooMuch.Contains(e.Code))
        {
            return Problem.Of(422, "too-much", $"This panel would read too much: choose a shorter time range, or raise " +
                $"Ops:Dashboards:MaxRowsRead or Ops:Dashboards:MaxTime. {e.Message}");
        }
        catch (ClickHouseException e)
        {
            return Problem.Of(e);
        }
        catch (QueryTemplateException e)
        {
            return Problem.Of(500, "dashboard-file", e.Message);
        }
    }

    private static IResult NoDashboard(string uid) => Problem.Of(404, "no-dashboard", $"There is no dashboard {uid}.");
}
