using System.Globalization;
using System.Text;

namespace Streaming.Ops.Dashboards;

/// <summary>A query with its values as ClickHouse parameters, never inside the text.</summary>
/// <param name="Sql">Text with <c>{name:Type}</c> where values go.</param>
/// <param name="Parameters">The values.</param>
public sealed record ExpandedQuery(string Sql, IReadOnlyDictionary<string, string> Parameters);

/// <summary>Expands the macros of Grafana's ClickHouse data source and the variables of a dashboard.</summary>
/// <remarks>
/// Grafana pastes values into the text. Here texts become ClickHouse parameters, and what must stand in the text itself (times, intervals,
/// <c>${name}</c> and <c>${name:csv}</c>) is written from numbers only. A variable inside a quoted text is refused.
/// </remarks>
public sealed class QueryExpander
{
    private readonly QueryContext context;
    private readonly Dictionary<string, string> parameters = new(StringComparer.Ordinal);

    private QueryExpander(QueryContext context) => this.context = context;

    /// <summary>Expands a query.</summary>
    /// <exception cref="QueryTemplateException">The dashboard file is wrong: a macro or variable
    /// that does not exist, or one in a place it cannot have.</exception>
    /// <exception cref="QueryRequestException">A chosen value has the wrong form for its place in the query.</exception>
    public static ExpandedQuery Expand(string sql, QueryContext context)
    {
        var expander = new QueryExpander(context);
        return new ExpandedQuery(expander.Text(sql), expander.parameters);
    }

    private string Text(string sql)
    {
        var to = new StringBuilder(sql.Length + 64);
        for (var at = 0; at < sql.Length;)
        {
            switch (sql[at])
            {
                case '\'':
                    to.Append(Quoted(sql, ref at));
                    break;
                case '$':
                    to.Append(Reference(sql, ref at));
                    break;
                default:
                    to.Append(sql[at++]);
                    break;
            }
        }

        return to.ToString();
    }

    private static string Quoted(string sql, ref int at)
    {
        var start = at++;
        while (at < sql.Length && sql[at] != '\'') at += sql[at] == '\\' ? 2 : 1;
        if (at >= sql.Length) throw new QueryTemplateException("a quoted text does not end");
        var text = sql[start..++at];
        return text.Contains('$', StringComparison.Ordinal) ? throw new QueryTemplateException(
            $"{text} has a $ inside quotes, where no value can go") : text;
    }

    private string Reference(string sql, ref int at)
    {
        at++;
        string name, format = "";
        if (at < sql.Length && sql[at] == '{')
        {
            var end = sql.IndexOf('}', at);
            if (end < 0) throw new QueryTemplateException("a ${ is not closed");
            var parts = sql[(at + 1)..end].Split(':', 2);
            (name, format, at) = (parts[0], parts.Length == 2 ? parts[1] : "", end + 1);
        }
        else
        {
            var start = at;
            while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] == '_')) at++;
            name = sql[start..at];
        }

        return name.StartsWith("__", StringComparison.Ordinal) ? Macro(name, sql, ref at) : Variable(name, format);
    }

    private string Macro(string name, string sql, ref int at) => name switch
    {
        "__from" => Number(context.From),
        "__to" => Number(context.To),
        "__interval_ms" => Number(context.Interval),
        "__interval_s" => Seconds(context.Interval),
        "__fromTime" => Time(context.From),
        "__toTime" => Time(context.To),
        "__fromTime_ms" => TimeMs(context.From),
        "__toTime_ms" => TimeMs(context.To),
        "__timeFilter" => Between(One(name, sql, ref at), Time),
        "__timeFilter_ms" => Between(One(name, sql, ref at), TimeMs),
        "__dateFilter" => Between(One(name, sql, ref at), Date),
        "__dateTimeFilter" => DateAndTime(Arguments(name, sql, ref at, 2)),
        "__timeInterval" => $"toStartOfInterval(toDateTime({One(name, sql, ref at)}), INTERVAL {Seconds(context.Interval)} second)",
        "__timeInterval_ms" =>
            $"toStartOfInterval(toDateTime64({One(name, sql, ref at)}, 3), INTERVAL {Number(context.Interval)} millisecond)",
        "__conditionalAll" => ConditionalAll(Arguments(name, sql, ref at, 2, expand: false)),
        _ => throw new QueryTemplateException($"there is no macro ${name}"),
    };

    private string DateAndTime(string[] columns) => $"({Between(columns[0], Date)}) AND ({Between(columns[1], Time)})";

    // The condition, or 1=1 when all values are chosen (or none, as in Grafana).
    private string ConditionalAll(string[] arguments)
    {
        var name = arguments[1].Trim().Trim('$', '{', '}');
        return Values(name) is [DashboardVariable.All or ""] ? "1=1" : Text(arguments[0]);
    }

    private string Variable(string name, string format)
    {
        var values = Values(name);
        if (values is [DashboardVariable.All])
            throw new QueryTemplateException($"\"all\" of ${name} has no text of its own: put the condition into " +
                $"$__conditionalAll(…, ${name})");
        switch (format)
        {
            case "singlequote":
                return string.Join(',', values.Select((value, i) =>
                {
                    var parameter = $"{name}_{Number(i)}";
                    parameters[parameter] = value;
                    return $"{{{parameter}:String}}";
                }));
            case "" or "csv":
                return string.Join(',', values.Select(value =>
                    decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                        out var number)
                        ? number.ToString(CultureInfo.InvariantCulture)
                        : throw new QueryRequestException($"variable {name} must be a number here.")));
            default:
                throw new QueryTemplateException($"${{{name}:{format}}} is not supported: use ${{{name}:singlequote}}");
        }
    }

    private IReadOnlyList<string> Values(string name) =>
        context.Variables.TryGetValue(name, out var values) ? values
            : throw new QueryTemplateException($"the dashboard has no variable ${name}");

    private string One(string macro, string sql, ref int at) => Arguments(macro, sql, ref at, 1)[0];

    // The arguments in the brackets after a macro, split at commas outside nested brackets.
    private string[] Arguments(string macro, string sql, ref int at, int count, bool expand = true)
    {
        var arguments = new List<string>();
        if (at >= sql.Length || sql[at] != '(') throw new QueryTemplateException($"${macro} needs arguments in brackets");
        int depth = 0, start = at + 1;
        for (; at < sql.Length; at++)
        {
            if (sql[at] == '(') depth++;
            var ends = sql[at] == ')' && --depth == 0;
            if (!ends && !(sql[at] == ',' && depth == 1)) continue;
            arguments.Add(sql[start..at]);
            start = at + 1;
            if (!ends) continue;
            at++;
            if (arguments.Count != count) throw new QueryTemplateException($"${macro} needs {count} arguments and has {arguments.Count}");
            return expand ? [.. arguments.Select(a => Text(a.Trim()))] : [.. arguments];
        }

        throw new QueryTemplateException($"the brackets after ${macro} are not closed");
    }

    private string Between(string column, Func<long, string> write) =>
        $"{column} >= {write(context.From)} AND {column} <= {write(context.To)}";

    private static string Time(long at) => $"toDateTime({Seconds(at)})";

    private static string TimeMs(long at) => $"fromUnixTimestamp64Milli({Number(at)})";

    private static string Date(long at) =>
        $"toDate('{DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}')";

    private static string Seconds(long milliseconds) => Number(milliseconds / 1000);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A query of a dashboard file is wrong: a mistake in the file, not of the user.</summary>
public sealed class QueryTemplateException(string message) : Exception($"The dashboard's query is wrong: {message}.");
