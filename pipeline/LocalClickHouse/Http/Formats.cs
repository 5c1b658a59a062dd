namespace Streaming.LocalClickHouse.Http;

/// <summary>The Content-Type of each output format, as a ClickHouse server gives it.</summary>
internal static class Formats
{
    public static string ContentType(string format) => format.ToUpperInvariant() switch
    {
        "TSV" or "TABSEPARATED" or "TSVRAW" or "TABSEPARATEDRAW" or "RAW"
            or "TSVWITHNAMES" or "TABSEPARATEDWITHNAMES" or "TSVWITHNAMESANDTYPES" or "TABSEPARATEDWITHNAMESANDTYPES" =>
                "text/tab-separated-values; charset=UTF-8",
        "CSV" => "text/csv; charset=UTF-8; header=absent",
        "CSVWITHNAMES" or "CSVWITHNAMESANDTYPES" => "text/csv; charset=UTF-8; header=present",
        "JSON" or "JSONSTRINGS" or "JSONCOMPACT" or "JSONCOMPACTSTRINGS" or "JSONCOLUMNS" or "JSONCOMPACTCOLUMNS"
            or "JSONCOLUMNSWITHMETADATA" or "JSONOBJECTEACHROW" => "application/json; charset=UTF-8",
        "JSONEACHROW" or "JSONSTRINGSEACHROW" or "JSONLINES" or "JSONL" or "NDJSON" => "application/x-ndjson; charset=UTF-8",
        "XML" => "application/xml; charset=UTF-8",
        "NATIVE" or "ROWBINARY" or "ROWBINARYWITHNAMES" or "ROWBINARYWITHNAMESANDTYPES" or "PARQUET" or "ARROW" or "ARROWSTREAM" or "ORC"
            or "AVRO" or "MSGPACK" => "application/octet-stream",
        "PROMETHEUS" => "text/plain; version=0.0.4; charset=UTF-8",
        _ => "text/plain; charset=UTF-8",
    };
}
