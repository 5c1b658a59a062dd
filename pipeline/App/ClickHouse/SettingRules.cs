using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.App.ClickHouse;

/// <summary>What a request may set, in the URL, in a <c>SETTINGS</c> clause or by <c>SET</c>. Pure.</summary>
internal sealed partial class SettingRules(ClickHouseOptions options)
{
    /// <summary>Set by the front for its own use, or meaningless here; taken without an error because ordinary clients send them.</summary>
    private static readonly HashSet<string> HandledByFront = new(StringComparer.Ordinal)
    {
        "readonly", "log_comment", "async_insert", "wait_for_async_insert", "async_insert_busy_timeout_ms", "wait_for_async_insert_timeout",
        "enable_http_compression", "http_zlib_compression_level", "send_progress_in_http_headers", "http_headers_progress_interval_ms",
        "wait_end_of_query", "cancel_http_readonly_queries_on_client_close", "http_write_exception_in_output_format", "network_compression_method",
        "http_response_buffer_size", "add_http_cors_header",
    };

    /// <summary>Settings that make the engine wait where it never comes back, or that would undo the gate.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        "database_atomic_wait_for_drop_and_detach_synchronously", "implicit_select", "dialect", "allow_introspection_functions",
        "allow_experimental_kusto_dialect", "allow_experimental_prql_dialect", "profile", "compatibility_ignore_auto_increment_in_create_table",
    };

    private readonly Dictionary<string, long> caps = new(StringComparer.Ordinal)
    {
        ["max_memory_usage"] = options.MaxQueryMemoryBytes,
        ["max_execution_time"] = options.MaxQuerySeconds,
        ["max_threads"] = options.MaxQueryThreads,
    };

    /// <summary>Whether the engine is told of this setting, after <see cref="Check"/>.</summary>
    public static bool IsForEngine(string name) => !HandledByFront.Contains(name);

    /// <summary>The reason for refusing, or null.</summary>
    /// <param name="name">As written.</param>
    /// <param name="value">The literal, without quotes; null for <c>DEFAULT</c>.</param>
    public QueryError? Check(string name, string? value)
    {
        if (!Name().IsMatch(name))
        {
            return new QueryError(ErrorCode.UnknownSetting, $"Setting '{name}' is not a name.");
        }
        if (Refused.Contains(name))
        {
            return new QueryError(ErrorCode.SettingConstraintViolation, $"Setting {name} cannot be changed here: the embedded engine does not stand it.");
        }
        if (!caps.TryGetValue(name, out var cap) || value is null)
        {
            return null;
        }
        return decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= cap
            ? null
            : new QueryError(ErrorCode.SettingConstraintViolation, $"Setting {name} must be from 1 to {cap} here, but it is '{value}'. The limit is an option of this program.");
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
    private static partial Regex Name();
}
