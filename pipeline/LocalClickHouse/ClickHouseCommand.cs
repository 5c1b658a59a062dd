using System.CommandLine;

namespace Streaming.LocalClickHouse;

/// <summary>The command line of <c>local-clickhouse</c>.</summary>
internal static class ClickHouseCommand
{
    /// <summary>The command with its options; their meaning and defaults are those of <see cref="ClickHouseOptions"/>.</summary>
    public static RootCommand Create()
    {
        var preset = new ClickHouseOptions { DataDirectory = "" };
        var data = new Option<DirectoryInfo>("--data") { Description = "Directory of the tables; made when absent.", Required = true };
        var port = Number("--port", "TCP port of the HTTP interface; 0 takes any free one.", preset.Port);
        var listen = new Option<string>("--listen") { Description = "Address to listen on.", DefaultValueFactory = _ => preset.Listen };
        var user = new Option<string>("--user") { Description = "The user that may write; `reader` may only read. Their passwords are " +
            "STREAMING_CLICKHOUSE_PASSWORD and STREAMING_CLICKHOUSE_READER_PASSWORD in the environment; a missing one is generated " +
            "and printed.", DefaultValueFactory = _ => preset.User };
        var passwordsFromStdin = new Option<bool>(ClickHouseStart.PasswordsFromStdin)
        {
            Description = "Reads both passwords from standard input: two lines, the owner's and the reader's.",
        };
        var memory = Large("--max-memory", "Memory of all queries, in bytes.", preset.MaxServerMemoryBytes);
        var queryMemory = new Option<long?>("--max-query-memory")
        {
            Description = "Memory of one query, in bytes; half of --max-memory when it is not given.",
        };
        var seconds = Number("--max-query-seconds", "Longest time of one query in seconds (1 to 86400), sending its result included.",
            preset.MaxQuerySeconds);
        var threads = Number("--max-query-threads", "Threads of one query.", preset.MaxQueryThreads);
        var readers = Number("--readers", "Reading queries that run at the same time (1 to 64).", preset.Readers);
        var writers = Number("--writers", "Writing statements that run at the same time (1 to 16).", preset.Writers);
        var waiting = Number("--max-waiting", "Requests that may wait for their turn, readers and writers each (0 to 10000).",
            preset.MaxWaiting);
        var wait = Number("--max-wait-seconds", "Longest time that a request waits for its turn, in seconds (1 to 3600).",
            preset.MaxWaitSeconds);
        var request = Large("--max-request-bytes", "Largest request body after decompression, in bytes.", preset.MaxRequestBytes);
        var spool = Large("--max-spool-bytes", "Request bodies and results kept on disk at one time, in bytes.", preset.MaxSpoolBytes);
        var watchdog = Number("--watchdog-seconds", "The process ends, to be started again, when the engine does not answer for so long.",
            preset.WatchdogSeconds);

        var command = new RootCommand("Runs the embedded ClickHouse: the engine behind ClickHouse's HTTP interface, data on disk.");
        foreach (var option in (Option[])[data, port, listen, user, passwordsFromStdin, memory, queryMemory, seconds, threads, readers,
            writers, waiting, wait, request, spool, watchdog])
        {
            command.Options.Add(option);
        }
        command.SetAction((parsed, cancel) => ClickHouseStart.RunAsync(
            new ClickHouseOptions
            {
                DataDirectory = parsed.GetRequiredValue(data).FullName,
                Port = parsed.GetValue(port),
                Listen = parsed.GetValue(listen) ?? "",
                User = parsed.GetValue(user) ?? "",
                MaxServerMemoryBytes = parsed.GetValue(memory),
                MaxQueryMemoryBytes = parsed.GetValue(queryMemory) ?? parsed.GetValue(memory) / 2,
                MaxQuerySeconds = parsed.GetValue(seconds),
                MaxQueryThreads = parsed.GetValue(threads),
                Readers = parsed.GetValue(readers),
                Writers = parsed.GetValue(writers),
                MaxWaiting = parsed.GetValue(waiting),
                MaxWaitSeconds = parsed.GetValue(wait),
                MaxRequestBytes = parsed.GetValue(request),
                MaxSpoolBytes = parsed.GetValue(spool),
                WatchdogSeconds = parsed.GetValue(watchdog),
            },
            parsed.GetValue(passwordsFromStdin),
            cancel));
        return command;
    }

    private static Option<int> Number(string name, string what, int preset) =>
        new(name) { Description = what, DefaultValueFactory = _ => preset };

    private static Option<long> Large(string name, string what, long preset) =>
        new(name) { Description = what, DefaultValueFactory = _ => preset };
}
