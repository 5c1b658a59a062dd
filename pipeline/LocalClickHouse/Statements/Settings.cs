using System.Text;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>The engine settings every connection starts with and returns to.</summary>
internal static class BaseSettings
{
    /// <summary>What connections for reading have beside. While the engine analyses a query it looks at no clock, so that its size is
    /// bounded: elements of its syntax (a list of literals is one), subqueries in subqueries. See <see cref="ExpansionRules"/>.</summary>
    public static readonly (string Name, string Value)[] OfReadConnections =
        [("readonly", "2"), ("max_ast_elements", "5000"), ("max_subquery_depth", "32")];

    /// <summary>Additional settings for queries of the user <c>reader</c>. They limit the rows made from one row and the memory, because
    /// the engine checks its time limit only between blocks. One block may not be made of one row; what a query may keep at once is also
    /// what one call may go through without a look at the clock.</summary>
    public static (string Name, string Value)[] OfReaderUser(ClickHouseOptions options) =>
        [("max_memory_usage", options.MaxReaderMemoryBytes.ToString()), ("function_range_max_elements_in_block", "1000000")];

    /// <summary>Limits, and what differs from a ClickHouse server because of where the engine runs.</summary>
    public static (string Name, string Value)[] For(ClickHouseOptions options) =>
    [
        ("max_memory_usage", options.MaxQueryMemoryBytes.ToString()),
        ("max_execution_time", options.MaxQuerySeconds.ToString()),
        ("max_threads", options.MaxQueryThreads.ToString()),
        // What a sort or a grouping puts on disk.
        ("max_temporary_data_on_disk_size_for_query", options.MaxSpoolBytes.ToString()),
        // A statement is what a server takes for one: without this the engine reads "system shutdown" as SELECT system AS shutdown.
        ("implicit_select", "0"),
        // An insert is answered when its rows are in the table.
        ("async_insert", "0"),
        // The same block sent on purpose twice is two blocks; senders number theirs.
        ("insert_deduplicate", "0"),
    ];
}

/// <summary>Writes <c>SET</c> statements. Names are validated by <see cref="SettingRules"/>
/// before they get here; values are quoted.</summary>
internal static class Settings
{
    /// <summary><c>SET a='1', b='x'</c>.</summary>
    public static string Set(IEnumerable<(string Name, string Value)> settings) =>
        "SET " + string.Join(", ", settings.Select(s => $"{s.Name} = {Quote(s.Value)}"));

    /// <summary>Puts <paramref name="names"/> back to the connection's own value, or to the engine's default where it has none.</summary>
    public static string Reset(IEnumerable<string> names, IReadOnlyDictionary<string, string> own) =>
        "SET " + string.Join(", ", names.Select(n => own.TryGetValue(n, out var value) ? $"{n} = {Quote(value)}" : $"{n} = DEFAULT"));

    /// <summary>A string literal.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('\'');
        foreach (var c in value)
        {
            if (c is '\'' or '\\')
            {
                text.Append('\\');
            }
            text.Append(c);
        }
        return text.Append('\'').ToString();
    }

    /// <summary>An identifier in backquotes.</summary>
    public static string QuoteName(string name) => '`' + name.Replace("\\", "\\\\").Replace("`", "\\`") + '`';
}
