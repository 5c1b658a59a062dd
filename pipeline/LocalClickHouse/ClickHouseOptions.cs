using System.Net;
using Streaming.LocalClickHouse.Access;

namespace Streaming.LocalClickHouse;

/// <summary>The settings of <c>local-clickhouse</c>. <see cref="Validate"/> names every mistake at once.</summary>
public sealed record ClickHouseOptions
{
    private const long LeastServerMemory = 256L << 20;
    private readonly long? queryMemory;

    /// <summary>Where the tables are kept. Made when absent. One process at a time can have it open. No default.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>TCP port of the HTTP interface; 0 takes any free one. Default 8123, as ClickHouse.</summary>
    public int Port { get; init; } = 8123;

    /// <summary>Address to listen on. Default 127.0.0.1.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>The owner, who may read and write. Default <c>default</c>; not <c>reader</c>,
    /// which is the name of the user that can change nothing.</summary>
    public string User { get; init; } = "default";

    /// <summary>The owner's password. Given by the environment variable <c>STREAMING_CLICKHOUSE_PASSWORD</c> or on standard input, never on
    /// the command line; else drawn at every start.</summary>
    public string Password { get; init; } = ClickHouseUsers.GeneratePassword();

    /// <summary>The reader's password. As <see cref="Password"/>, by <c>STREAMING_CLICKHOUSE_READER_PASSWORD</c>.</summary>
    public string ReaderPassword { get; init; } = ClickHouseUsers.GeneratePassword();

    /// <summary>Memory the engine may use for all queries, in bytes, at least 256 MiB. Default
    /// half of the machine's (or container's), at least that and at most 4 GiB.</summary>
    public long MaxServerMemoryBytes { get; init; } = ServerMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Memory one query may use, in bytes. Default half of <see cref="MaxServerMemoryBytes"/>. A request may ask for less, never
    /// for more.</summary>
    public long MaxQueryMemoryBytes { get => queryMemory ?? MaxServerMemoryBytes / 2; init => queryMemory = value; }

    /// <summary>Memory one query of the user <c>reader</c> may use, in bytes: all its queries together get a quarter of
    /// <see cref="MaxServerMemoryBytes"/>, so that the owner's always find some; at least 64 MiB each.</summary>
    public long MaxReaderMemoryBytes => Math.Min(MaxQueryMemoryBytes, Math.Max(64L << 20, MaxServerMemoryBytes / 4 / Math.Max(1, Readers)));

    /// <summary>Time one query may take, in seconds, 1 to 86,400, sending its result included.
    /// Default 300. A request may ask for less, never for more.</summary>
    public int MaxQuerySeconds { get; init; } = 300;

    /// <summary>Threads one query may use, 1 to 256. Default the number of processors.</summary>
    public int MaxQueryThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Reading queries at a time, 1 to 64. Default 8.</summary>
    public int Readers { get; init; } = 8;

    /// <summary>Writing statements at a time, 1 to 16. Default 1: inserts and changes run in the order in which they came.</summary>
    public int Writers { get; init; } = 1;

    /// <summary>Requests that may wait for their turn, in each of the two lines, 0 to 10,000.
    /// Default 128. The next one gets HTTP 503 and code 202.</summary>
    public int MaxWaiting { get; init; } = 128;

    /// <summary>How long a request waits for its turn, in seconds, 1 to 3,600. Default 60. Then HTTP 503 and code 202.</summary>
    public int MaxWaitSeconds { get; init; } = 60;

    /// <summary>Largest request body after decompression, in bytes, at least 1 MiB. Default 4 GiB. Bodies are kept on disk until they are
    /// complete, so this is not limited by memory.</summary>
    public long MaxRequestBytes { get; init; } = 4L << 30;

    /// <summary>Bodies of inserts and waiting results on disk together, in bytes, at least <see cref="MaxRequestBytes"/>. Default 8 GiB.
    /// What goes beyond gets HTTP 507 and code 243.</summary>
    public long MaxSpoolBytes { get; init; } = 8L << 30;

    /// <summary>The engine must answer <c>SELECT 1</c> within this many seconds, 5 to 3,600, and end a query within as many after its time
    /// is over. Default 60. Else the process exits with <see cref="ClickHouseServer.EngineHung"/>, to be started again.</summary>
    public int WatchdogSeconds { get; init; } = 60;

    /// <summary>Every mistake in these settings, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        void Range(string name, long value, long min, long max)
        {
            if (value < min || value > max)
            {
                errors.Add($"--{name} is {value}; it must be from {min} to {max}.");
            }
        }

        if (string.IsNullOrWhiteSpace(DataDirectory))
        {
            errors.Add("--data must name a directory.");
        }
        if (!IPAddress.TryParse(Listen, out _))
        {
            errors.Add($"--listen is '{Listen}'; it must be an IP address such as 127.0.0.1.");
        }
        if (User.Length == 0 || User == ClickHouseUsers.ReaderName)
        {
            errors.Add($"--user is '{User}'; it must be a name other than {ClickHouseUsers.ReaderName}.");
        }
        if (Unusable(Password))
        {
            errors.Add("STREAMING_CLICKHOUSE_PASSWORD must be one line and not empty; unset it, and a password is generated.");
        }
        if (Unusable(ReaderPassword))
        {
            errors.Add("STREAMING_CLICKHOUSE_READER_PASSWORD must be one line and not empty; unset it, and a password is generated.");
        }
        Range("port", Port, 0, 65_535);
        Range("max-memory", MaxServerMemoryBytes, LeastServerMemory, long.MaxValue);
        Range("max-query-memory", MaxQueryMemoryBytes, 16L << 20, MaxServerMemoryBytes);
        Range("max-query-seconds", MaxQuerySeconds, 1, 86_400);
        Range("max-query-threads", MaxQueryThreads, 1, 256);
        Range("readers", Readers, 1, 64);
        Range("writers", Writers, 1, 16);
        Range("max-waiting", MaxWaiting, 0, 10_000);
        Range("max-wait-seconds", MaxWaitSeconds, 1, 3_600);
        Range("max-request-bytes", MaxRequestBytes, 1L << 20, long.MaxValue);
        Range("max-spool-bytes", MaxSpoolBytes, MaxRequestBytes, long.MaxValue);
        Range("watchdog-seconds", WatchdogSeconds, 5, 3_600);
        return errors;
    }

    /// <summary>The default of <see cref="MaxServerMemoryBytes"/> where so much memory is available.</summary>
    internal static long ServerMemory(long available) => Math.Clamp(available / 2, LeastServerMemory, 4L << 30);

    private static bool Unusable(string password) => password.Length == 0 || password.AsSpan().ContainsAny('\r', '\n', '\0');
}
