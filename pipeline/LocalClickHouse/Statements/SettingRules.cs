using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>
/// What a request may set, in the URL or in a <c>SETTINGS</c> clause, and to which values. What is not here cannot be set: settings that
/// name files, undo limits, change how statements are read or leave something behind on the connection. Thread-safe.
/// </summary>
internal sealed partial class SettingRules(ClickHouseOptions options)
{
    /// <summary>Set by the front for its own use, or meaningless here; taken without an
    /// error in the URL because ordinary clients send them.</summary>
    private static readonly HashSet<string> HandledByFront = Names("""
        readonly log_comment async_insert wait_for_async_insert async_insert_busy_timeout_ms wait_for_async_insert_timeout
        enable_http_compression http_zlib_compression_level send_progress_in_http_headers http_headers_progress_interval_ms
        wait_end_of_query cancel_http_readonly_queries_on_client_close http_write_exception_in_output_format network_compression_method
        http_response_buffer_size add_http_cors_header
        """);

    /// <summary>Of those, the ones a statement may carry: asynchronous inserts change nothing
    /// about what is in the table when they are answered.</summary>
    private static readonly HashSet<string> OfInserts = Names("async_insert wait_for_async_insert");

    /// <summary>0 or 1.</summary>
    private static readonly HashSet<string> Flags = Names("""
        aggregate_functions_null_for_empty any_join_distinct_right_table_keys allow_suspicious_low_cardinality_types deduplicate_blocks_in_dependent_materialized_views
        enable_analyzer empty_result_for_aggregation_by_empty_set extremes final insert_deduplicate insert_null_as_default
        input_format_allow_seeks input_format_binary_read_json_as_string input_format_csv_empty_as_default input_format_csv_trim_whitespaces input_format_defaults_for_omitted_fields
        input_format_import_nested_json input_format_json_read_bools_as_numbers input_format_json_read_numbers_as_strings
        input_format_null_as_default input_format_parallel_parsing input_format_skip_unknown_fields input_format_tsv_empty_as_default
        input_format_with_names_use_header input_format_with_types_use_header join_use_nulls
        optimize_aggregation_in_order optimize_on_insert optimize_read_in_order optimize_skip_unused_shards optimize_throw_if_noop optimize_use_projections
        output_format_csv_crlf_end_of_line output_format_decimal_trailing_zeros output_format_json_array_of_rows output_format_json_escape_forward_slashes
        output_format_json_named_tuples_as_objects output_format_json_quote_64bit_floats output_format_json_quote_64bit_integers
        output_format_json_quote_decimals output_format_json_quote_denormals output_format_json_validate_utf8
        output_format_native_encode_types_in_binary_format output_format_native_write_json_as_string output_format_parallel_formatting
        output_format_binary_write_json_as_string output_format_pretty_row_numbers output_format_tsv_crlf_end_of_line output_format_write_statistics
        prefer_column_name_to_alias transform_null_in use_skip_indexes ttl_only_drop_parts
        """);

    /// <summary>One of these words.</summary>
    private static readonly Dictionary<string, string[]> Choices = new(StringComparer.Ordinal)
    {
        ["date_time_input_format"] = ["basic", "best_effort", "best_effort_us"],
        ["date_time_output_format"] = ["simple", "iso", "unix_timestamp"],
        ["group_by_overflow_mode"] = ["throw", "break", "any"],
        ["join_algorithm"] = ["default", "auto", "hash", "parallel_hash", "grace_hash", "partial_merge", "full_sorting_merge"],
        ["lightweight_mutation_projection_mode"] = ["throw", "drop", "rebuild"],
        ["read_overflow_mode"] = ["throw", "break"],
        ["result_overflow_mode"] = ["throw", "break"],
        ["timeout_overflow_mode"] = ["throw", "break"],
        ["union_default_mode"] = ["", "ALL", "DISTINCT"],
        ["except_default_mode"] = ["ALL", "DISTINCT"],
        ["intersect_default_mode"] = ["ALL", "DISTINCT"],
    };

    /// <summary>A whole number between two others.</summary>
    private readonly Dictionary<string, (long Min, long Max)> numbers = new(StringComparer.Ordinal)
    {
        ["max_memory_usage"] = (1, options.MaxQueryMemoryBytes),
        ["max_execution_time"] = (1, options.MaxQuerySeconds),
        ["max_threads"] = (1, options.MaxQueryThreads),
        ["max_insert_threads"] = (0, options.MaxQueryThreads),
        ["max_block_size"] = (1, 1_000_000),
        ["max_insert_block_size"] = (1, 10_000_000),
        ["min_insert_block_size_rows"] = (0, 10_000_000),
        ["min_insert_block_size_bytes"] = (0, 1L << 30),
        ["max_rows_to_read"] = (0, long.MaxValue),
        ["max_bytes_to_read"] = (0, long.MaxValue),
        ["max_result_rows"] = (0, long.MaxValue),
        ["max_result_bytes"] = (0, long.MaxValue),
        ["max_rows_to_group_by"] = (0, long.MaxValue),
        ["max_rows_to_sort"] = (0, long.MaxValue),
        ["max_bytes_before_external_group_by"] = (0, long.MaxValue),
        ["max_bytes_before_external_sort"] = (0, long.MaxValue),
        ["max_partitions_per_insert_block"] = (1, 10_000),
        ["limit"] = (0, long.MaxValue),
        ["offset"] = (0, long.MaxValue),
        ["alter_sync"] = (0, 1),
        ["mutations_sync"] = (0, 1),
        ["lightweight_deletes_sync"] = (0, 1),
        ["output_format_pretty_max_rows"] = (1, 1_000_000),
        ["output_format_pretty_color"] = (0, 1),
        ["index_granularity"] = (1, 1_000_000),
        ["index_granularity_bytes"] = (0, 1L << 30),
        ["min_bytes_for_wide_part"] = (0, 1L << 40),
        ["min_rows_for_wide_part"] = (0, 1L << 40),
        ["min_compress_block_size"] = (1, 1L << 24),
        ["max_compress_block_size"] = (1, 1L << 24),
        ["merge_with_ttl_timeout"] = (1, long.MaxValue),
        ["non_replicated_deduplication_window"] = (0, 10_000),
    };

    private SettingRules? reader; // made when it is first needed; two threads may each make one, and both are the same

    /// <summary>What this caller may set.</summary>
    public SettingRules Of(Caller caller) =>
        caller == Caller.Owner ? this : reader ??= new SettingRules(options with { MaxQueryMemoryBytes = options.MaxReaderMemoryBytes });

    /// <summary>A request's settings with what holds for the caller beside.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="settings">Of the request, checked.</param>
    public IReadOnlyList<(string Name, string Value)> Complete(Caller caller, IReadOnlyList<(string Name, string Value)> settings) =>
        caller == Caller.Owner ? settings
            : [.. BaseSettings.OfReaderUser(options).Where(b => settings.All(s => s.Name != b.Name)), .. settings];

    /// <summary>Every setting that a statement or request may change in the engine.</summary>
    public IEnumerable<string> Allowed =>
        Flags.Concat(Choices.Keys).Concat(numbers.Keys).Concat(["format_csv_delimiter", "insert_deduplication_token", "session_timezone"]);

    /// <summary>Whether the engine is told of this setting of a request, after <see cref="CheckRequest"/>.</summary>
    public static bool IsForEngine(string name) => !HandledByFront.Contains(name);

    /// <summary>The reason for refusing a setting of the URL, or null.</summary>
    public QueryError? CheckRequest(string name, string value) => HandledByFront.Contains(name) ? null : Check(name, value);

    /// <summary>The reason for refusing a setting of a statement, or null.</summary>
    /// <param name="name">As written.</param>
    /// <param name="value">The literal, without quotes.</param>
    public QueryError? Check(string name, string value)
    {
        var (known, expected) = name switch
        {
            _ when Flags.Contains(name) || OfInserts.Contains(name) =>
                (value.ToUpperInvariant() is "0" or "1" or "TRUE" or "FALSE", "0 or 1"),
            _ when Choices.TryGetValue(name, out var choices) => (choices.Contains(value), string.Join(", ", choices)),
            _ when numbers.TryGetValue(name, out var range) => (IsWithin(value, range), $"a whole number from {range.Min} to {range.Max}"),
            "format_csv_delimiter" => (value.Length == 1 && value[0] is > ' ' and <= '~' or '\t', "one character"),
            "insert_deduplication_token" => (Token().IsMatch(value), "a word of at most 256 characters"),
            "session_timezone" => (Zone().IsMatch(value), "a time zone's name"),
            _ => (false, ""),
        };
        return known ? null
            : expected.Length > 0 ? new QueryError(ErrorCode.SettingConstraintViolation,
                $"Setting {name} must be {expected} here, but it is '{value}'. The limits of memory, time and threads are options of " +
                "this program.")
            : Name().IsMatch(name) ? new QueryError(ErrorCode.UnknownSetting,
                $"Setting {name} cannot be changed in the embedded engine, or there is none of that name.")
            : new QueryError(ErrorCode.UnknownSetting, $"Setting '{name}' is not a name.");
    }

    private static bool IsWithin(string value, (long Min, long Max) range) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= range.Min && number <= range.Max;

    private static HashSet<string> Names(string text) =>
        new(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,127}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9_.:/|#=-]{0,256}\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"^[A-Za-z0-9_+/-]{0,64}\z")]
    private static partial Regex Zone();
}
