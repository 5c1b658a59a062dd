using System.Reflection;

namespace Streaming.LocalClickHouse.Statements;

/// <summary>
/// What the gate lets through, by ClickHouse's names: what is on no list is refused. Tests hold the lists against what the engine has. The
/// functions stand in files of their own, <c>Lists/functions-allowed.txt</c> and <c>Lists/functions-refused.txt</c>; those of them that the
/// user <c>reader</c> may call in <c>Lists/functions-of-readers.txt</c>.
/// </summary>
internal static class GateLists
{
    /// <summary>Functions that only compute.</summary>
    public static readonly HashSet<string> Functions = Load("functions-allowed.txt");

    /// <summary>The engine's other functions: they are not named at all, because a function can be passed as an argument without being
    /// called.</summary>
    public static readonly HashSet<string> RefusedFunctions = Load("functions-refused.txt");

    /// <summary>Those of <see cref="RefusedFunctions"/> that aggregate: with an ending each has more names.</summary>
    public static readonly HashSet<string> RefusedAggregates = Names("aggThrow estimateCompressionRatio flameGraph");

    /// <summary>Those of <see cref="Functions"/> that a reader may call.</summary>
    public static readonly HashSet<string> ReaderFunctions = Load("functions-of-readers.txt");

    /// <summary>Those of <see cref="Combinators"/> that a reader may write.</summary>
    public static readonly string[] ReaderCombinators = ["OrDefault", "Distinct", "ArgMax", "ArgMin", "OrNull", "Merge", "Array", "If"];

    /// <summary>Those of <see cref="TableFunctions"/> that a reader may ask.</summary>
    public static readonly HashSet<string> ReaderTableFunctions = Names("generateSeries generate_series numbers numbers_mt values view " +
        "zeros zeros_mt");

    /// <summary>Data types that a reader may not make: what is read into them is not bounded by the query's memory, or each row searches
    /// the whole of a constant.</summary>
    public static readonly HashSet<string> TypesOfOwner = Names("AggregateFunction Dynamic JSON Map Object QBit Variant");

    /// <summary>Endings that make an aggregate function of another.</summary>
    public static readonly string[] Combinators = ["SimpleState", "OrDefault", "Distinct", "Resample", "ForEach", "ArgMax", "ArgMin",
        "OrNull", "Merge", "State", "Array", "Map", "If"];

    /// <summary>Table functions that only compute.</summary>
    public static readonly HashSet<string> TableFunctions = Names("format generateSeries generate_series numbers numbers_mt primes " +
        "values view zeros zeros_mt");

    /// <summary>Views with parameters, which are asked like functions: the pipeline's own.</summary>
    public static readonly HashSet<string> Views = Names("population_history");

    /// <summary>Words of SQL before a parenthesis, and what the grammar writes like a function.</summary>
    public static readonly HashSet<string> Words = Names("""
        ALIAS ALL AND ANY APPLY AS ASSUME BETWEEN BY CASE CAST CHECK CODEC COLUMNS CUBE DEFAULT DESC DESCRIBE DISTINCT DIV ELSE EPHEMERAL EXCEPT EXISTS EXTRACT
        FILTER FROM HAVING ILIKE IN INTERPOLATE INTERSECT INTERVAL JOIN KEY LIKE LIMIT MATERIALIZED NOT OFFSET ON OR OVER PARTITION POSITION PREWHERE QUALIFY
        REGEXP ROLLUP SELECT SETS STATISTICS STEP SUBSTRING TABLE THEN TO TOTALS TRIM TTL UNION USING VALUES WHEN WHERE WITH
        DATEADD DATEDIFF DATESUB DATE_ADD DATE_SUB TIMESTAMPADD TIMESTAMPDIFF TIMESTAMPSUB TIMESTAMP_ADD TIMESTAMP_SUB
        """);

    /// <summary>Data types that take arguments, compression codecs and kinds of index: none of them names anything outside.</summary>
    public static readonly HashSet<string> Types = Names("""
        AggregateFunction Array Char Character DateTime DateTime32 DateTime64 Dec Decimal Decimal128 Decimal256 Decimal32 Decimal64 Dynamic Enum Enum16 Enum8
        FixedString JSON LowCardinality Map Nested Nullable Numeric QBit SimpleAggregateFunction Time64 Tuple Varchar Variant
        Delta DoubleDelta FPC GCD Gorilla LZ4HC T64 ZSTD
        bloom_filter minmax ngrambf_v1 set sparse_grams text tokenbf_v1
        """);

    /// <summary>Engines of tables that keep their data in this engine.</summary>
    public static readonly HashSet<string> Engines = Names("""
        AggregatingMergeTree CoalescingMergeTree CollapsingMergeTree MergeTree ReplacingMergeTree SummingMergeTree VersionedCollapsingMergeTree
        Join Log Memory Null Set StripeLog TinyLog
        """);

    /// <summary>Engines of databases whose tables are still there after a restart.</summary>
    public static readonly HashSet<string> DatabaseEngines = Names("Atomic");

    private const string BothWays = """
        Native RowBinary RowBinaryWithNames RowBinaryWithNamesAndTypes Values CSV CSVWithNames CSVWithNamesAndTypes
        JSON JSONColumns JSONColumnsWithMetadata JSONCompact JSONCompactColumns JSONCompactEachRow JSONCompactEachRowWithNames
        JSONCompactEachRowWithNamesAndTypes JSONCompactStringsEachRow JSONCompactStringsEachRowWithNames JSONCompactStringsEachRowWithNamesAndTypes
        JSONEachRow JSONLines NDJSON JSONObjectEachRow JSONStringsEachRow LineAsString RawBLOB TSKV
        TSV TSVRaw TSVRawWithNames TSVRawWithNamesAndTypes TSVWithNames TSVWithNamesAndTypes Raw RawWithNames RawWithNamesAndTypes
        TabSeparated TabSeparatedRaw TabSeparatedRawWithNames TabSeparatedRawWithNamesAndTypes TabSeparatedWithNames TabSeparatedWithNamesAndTypes
        """;

    /// <summary>Formats whose readers refuse broken input with an error. ArrowStream
    /// ends the process on it, Parquet never comes back.</summary>
    public static readonly HashSet<string> InputFormats = Names(BothWays + " JSONAsObject JSONAsString JSONL RowBinaryWithDefaults");

    /// <summary>Formats of results: none that reads a schema file.</summary>
    public static readonly HashSet<string> OutputFormats = Names(BothWays + """
         Arrow ArrowStream Avro BSONEachRow JSONCompactEachRowWithProgress JSONCompactStrings JSONCompactStringsEachRowWithProgress JSONEachRowWithProgress
        JSONStrings JSONStringsEachRowWithProgress Markdown MD MsgPack Null ORC Parquet Pretty PrettyCompact PrettyCompactMonoBlock PrettyCompactNoEscapes
        PrettyCompactNoEscapesMonoBlock PrettyJSONEachRow PrettyJSONLines PrettyMonoBlock PrettyNDJSON PrettyNoEscapes PrettyNoEscapesMonoBlock PrettySpace
        PrettySpaceMonoBlock PrettySpaceNoEscapes PrettySpaceNoEscapesMonoBlock Prometheus SQLInsert Vertical XML
        """);

    /// <summary>Tables of the database <c>system</c> that tell of this engine and its data.</summary>
    public static readonly HashSet<string> SystemTables = Names("""
        aggregate_function_combinators build_options codecs collations columns contributors data_skipping_indices data_type_families database_engines
        databases detached_parts disks errors events formats functions keywords licenses merge_tree_settings merges metrics mutations
        numbers numbers_mt one parts parts_columns primes processes projection_parts projection_parts_columns projections server_settings settings storage_policies
        table_engines table_functions tables time_zones view_refreshes warnings zeros zeros_mt
        """);

    /// <summary>Those of <see cref="SystemTables"/> that show what others ask, be it
    /// in the message of an error: for the owner alone.</summary>
    public static readonly HashSet<string> OwnersTables = Names("errors mutations processes view_refreshes");

    private static HashSet<string> Names(string text) =>
        new(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    private static HashSet<string> Load(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Lists." + file)
            ?? throw new InvalidOperationException($"{file} is not in this program.");
        var lines = new StreamReader(stream).ReadToEnd().Split('\n');
        return Names(string.Join(' ', lines.Where(l => !l.StartsWith('#'))));
    }
}
