using System.Globalization;
using System.Text.Json;
using Streaming.ClickHouse.Client;

namespace Streaming.Ops.Dashboards;

/// <summary>Runs the queries of dashboard files, and no others, read-only and within
/// limits. Thread-safe; one for the whole process.</summary>
public sealed class DashboardQueries(DashboardLibrary library, IClickHouse client, DashboardSettings settings) : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim turns = new(settings.MaxRunning);

    private readonly Dictionary<string, string> limits = new()
    {
        ["readonly"] = "1",
        ["max_execution_time"] = Number((long)Math.Ceiling(settings.MaxTime.TotalSeconds)),
        ["max_rows_to_read"] = Number(settings.MaxRowsRead),
        ["max_result_rows"] = Number(settings.MaxRowsReturned),
        ["date_time_output_format"] = "iso",
        ["output_format_json_quote_64bit_integers"] = "0",
        ["output_format_json_quote_decimals"] = "0",
    };

    /// <summary>The dashboards whose queries these are.</summary>
    public DashboardLibrary Library => library;

    /// <summary>Runs a panel's queries, one after the other.</summary>
    /// <exception cref="QueryRequestException">The request cannot be answered as it is.</exception>
    /// <exception cref="QueryBusyException">No turn came in time.</exception>
    /// <exception cref="ClickHouseException">Refused or not reached.</exception>
    public async Task<PanelResult> RunAsync(Dashboard dashboard, DashboardPanel panel, PanelRequest asked, CancellationToken stop = default)
    {
        var context = QueryContext.Of(dashboard, panel.MinInterval, asked);
        var results = new List<TargetResult>();
        foreach (var target in panel.Targets) results.Add(await RunAsync(target.RefId, QueryExpander.Expand(target.Sql, context), stop));
        return new PanelResult(context.Interval, results);
    }

    /// <summary>The values to choose from for a variable; empty for a text box.</summary>
    /// <inheritdoc cref="RunAsync(Dashboard, DashboardPanel, PanelRequest, CancellationToken)" path="/exception"/>
    public async Task<IReadOnlyList<string>> OptionsAsync(DashboardVariable variable, CancellationToken stop = default)
    {
        switch (variable.Type)
        {
            case "custom":
                return variable.Query.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            case "query":
                var result = await RunAsync(variable.Name, new ExpandedQuery(variable.Query, new Dictionary<string, string>()), stop);
                return [.. result.Rows.EnumerateArray().Select(row => row[0].ToString())];
            default:
                return [];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    private async Task<TargetResult> RunAsync(string refId, ExpandedQuery query, CancellationToken stop)
    {
        if (!await turns.WaitAsync(settings.MaxWait, stop)) throw new QueryBusyException(settings);
        // ClickHouse enforces the time limit itself. If it hangs, this limit frees the slot for other browsers.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(settings.MaxTime + Grace);
        try
        {
            using var answer = JsonDocument.Parse(await client.QueryAsync(query.Sql, query.Parameters, "JSONCompact", querySettings: limits,
                stop: limit.Token));
            var root = answer.RootElement.Clone();
            return new TargetResult(refId, root.GetProperty("meta"), root.GetProperty("data"), root.GetProperty("statistics")
                .GetProperty("rows_read").GetInt64());
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ClickHouseException(Fault.Network, 0, $"ClickHouse did not answer within {settings.MaxTime.TotalSeconds} s (setting " +
                "Ops:Dashboards:MaxTime).");
        }
        finally
        {
            turns.Release();
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A panel's answers.</summary>
/// <param name="IntervalMs">Width of the time buckets, milliseconds.</param>
/// <param name="Targets">One per query.</param>
public sealed record PanelResult(long IntervalMs, IReadOnlyList<TargetResult> Targets);

/// <summary>The answer to one query.</summary>
/// <param name="RefId">Which query of the panel.</param>
/// <param name="Columns">Array of {name, type}, types as ClickHouse names them.</param>
/// <param name="Rows">Array of arrays. Times are ISO 8601 in UTC, numbers are numbers, what is not a number is null.</param>
/// <param name="RowsRead">How many rows ClickHouse read for it.</param>
public sealed record TargetResult(string RefId, JsonElement Columns, JsonElement Rows, long RowsRead);

/// <summary>Too many panels ask at once; trying again helps.</summary>
public sealed class QueryBusyException(DashboardSettings settings) : Exception(
    $"This query waited {settings.MaxWait.TotalSeconds} s while {settings.MaxRunning} others ran; ask again (settings " +
        $"Ops:Dashboards:MaxRunning and Ops:Dashboards:MaxWait).");
