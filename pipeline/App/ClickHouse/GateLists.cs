namespace Streaming.App.ClickHouse;

/// <summary>What the gate lets through and what not, by ClickHouse's names. A test compares these lists with what the engine has.</summary>
internal static class GateLists
{
    /// <summary>Table functions that only compute or read tables of this engine.</summary>
    public static readonly HashSet<string> HarmlessTableFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "dictionary", "generateRandom", "generateSeries", "generate_series", "loop", "merge", "mergeTreeAnalyzeIndexes", "mergeTreeAnalyzeIndexesUUID",
        "mergeTreeIndex", "mergeTreeProjection", "mergeTreeTextIndex", "null", "numbers", "numbers_mt", "primes", "SQLStandardValues",
        "prometheusQuery", "prometheusQueryRange", "timeSeriesData", "timeSeriesMetrics", "timeSeriesSelector", "timeSeriesTags",
        "values", "view", "viewExplain", "viewIfPermitted", "zeros", "zeros_mt",
    };

    /// <summary>
    /// Table functions that reach files, other machines or programs from inside the engine, where neither the time limit nor a kill stops them,
    /// or that read formats whose readers do not survive broken input; the function <c>file</c>, which reads
    /// any file of this user; and <c>disk</c>, which puts a table anywhere.
    /// </summary>
    public static readonly HashSet<string> RefusedFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "arrowstream", "azureBlobStorage", "azureBlobStorageCluster", "cluster", "clusterAllReplicas", "cosn", "deltaLake", "deltaLakeAzure",
        "deltaLakeAzureCluster", "deltaLakeCluster", "deltaLakeLocal", "deltaLakeS3", "deltaLakeS3Cluster", "disk", "executable", "file", "fileCluster",
        "filesystem", "fuzzJSON", "fuzzQuery", "gcs", "hdfs", "hdfsCluster", "hudi", "hudiCluster", "iceberg", "icebergAzure",
        "icebergAzureCluster", "icebergCluster", "icebergHDFS", "icebergHDFSCluster", "icebergLocal", "icebergLocalCluster", "icebergS3",
        "icebergS3Cluster", "input", "jdbc", "mongodb", "mysql", "odbc", "oss", "paimon", "paimonAzure", "paimonAzureCluster", "paimonCluster",
        "paimonHDFS", "paimonHDFSCluster", "paimonLocal", "paimonS3", "paimonS3Cluster", "postgresql", "python", "redis", "remote", "remoteSecure",
        "s3", "s3Cluster", "sqlite", "url", "urlCluster", "ytsaurus",
    };

    /// <summary>Table engines that keep their data in this engine. Every <c>*MergeTree</c> that is not replicated is added to these.</summary>
    public static readonly HashSet<string> Engines = new(StringComparer.OrdinalIgnoreCase)
    {
        "Alias", "Atomic", "Buffer", "Dictionary", "GenerateRandom", "Join", "Log", "MaterializedView", "Memory", "Merge", "Null", "Set", "StripeLog", "TinyLog", "View",
    };

    /// <summary>Formats whose readers refuse broken input with an error. ArrowStream ends the process on it, Parquet never comes back.</summary>
    public static readonly HashSet<string> InputFormats = new(StringComparer.OrdinalIgnoreCase)
    {
        "Native", "RowBinary", "RowBinaryWithDefaults", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "Values",
        "CSV", "CSVWithNames", "CSVWithNamesAndTypes", "CustomSeparated", "CustomSeparatedWithNames", "CustomSeparatedWithNamesAndTypes",
        "JSON", "JSONAsObject", "JSONAsString", "JSONColumns", "JSONColumnsWithMetadata", "JSONCompact", "JSONCompactColumns",
        "JSONCompactEachRow", "JSONCompactEachRowWithNames", "JSONCompactEachRowWithNamesAndTypes", "JSONCompactStringsEachRow",
        "JSONCompactStringsEachRowWithNames", "JSONCompactStringsEachRowWithNamesAndTypes", "JSONEachRow", "JSONL", "JSONLines", "NDJSON",
        "JSONObjectEachRow", "JSONStringsEachRow", "LineAsString", "RawBLOB",
        "TSKV", "TSV", "TSVRaw", "TSVRawWithNames", "TSVRawWithNamesAndTypes", "TSVWithNames", "TSVWithNamesAndTypes", "Raw", "RawWithNames", "RawWithNamesAndTypes",
        "TabSeparated", "TabSeparatedRaw", "TabSeparatedRawWithNames", "TabSeparatedRawWithNamesAndTypes", "TabSeparatedWithNames", "TabSeparatedWithNamesAndTypes",
    };

    /// <summary><c>SYSTEM</c> statements that come back and leave the engine running.</summary>
    public static readonly HashSet<string> SystemVerbs = new(StringComparer.OrdinalIgnoreCase) { "CLEAR", "FLUSH", "REFRESH", "START", "STOP" };

    /// <summary>Sources a dictionary may have: tables of this engine.</summary>
    public static readonly HashSet<string> DictionarySources = new(StringComparer.OrdinalIgnoreCase) { "CLICKHOUSE", "NULL" };
}
