using System.Diagnostics;
using System.Net;
using System.Text;
using Streaming.ClickHouse.Client;

namespace Streaming.TestKit;

/// <summary>
/// The program <c>local-clickhouse</c> on a free port, with a data directory of its own. Disposing stops it and removes the directory.
/// </summary>
public sealed class EmbeddedClickHouse : IAsyncDisposable
{
    /// <summary>The owner's password, unless the environment given to <see cref="StartAsync"/> says another.</summary>
    public const string Password = "of-the-tests";

    /// <summary>The reader's password.</summary>
    public const string ReaderPassword = "of-the-readers";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly bool ownsData;
    private readonly StringBuilder errors;

    private EmbeddedClickHouse(Process process, Uri url, string data, bool ownsData, StringBuilder errors)
    {
        (Process, Url, DataDirectory, this.ownsData, this.errors) = (process, url, data, ownsData, errors);
        Http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = url,
            Timeout = TimeSpan.FromMinutes(2) };
        Http.DefaultRequestHeaders.Add("X-ClickHouse-User", "default");
        Http.DefaultRequestHeaders.Add("X-ClickHouse-Key", Password);
    }

    /// <summary>Where it listens, for example <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri Url { get; }

    /// <summary>Its tables. Survives <see cref="KillAsync"/>; a next instance can be started on it.</summary>
    public string DataDirectory { get; }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>A client with <see cref="Url"/> as its base that leaves bodies as they come, and is the owner.</summary>
    public HttpClient Http { get; }

    /// <summary>How the pipeline's clients reach it.</summary>
    public ClickHouseSettings Settings => new() { Url = Url.ToString(), User = "default", Password = Password };

    /// <summary>Settings of <c>streaming up</c> by which it uses this one.</summary>
    public (string Name, string Value)[] Given =>
        [("STREAMING__Host__ClickHouse__Url", Url.ToString()), ("STREAMING__Host__ClickHouse__User", "default"),
            ("STREAMING__Host__ClickHouse__Password", Password)];

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
            {
                return errors.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it takes queries.</summary>
    /// <param name="data">Data directory; null makes one that goes away with this object.</param>
    /// <param name="arguments">Further options, for example <c>--max-query-seconds 5</c>.</param>
    /// <param name="environment">Variables, for example <c>STREAMING_CLICKHOUSE_PASSWORD</c>.</param>
    /// <exception cref="InvalidOperationException">It ended without becoming ready, or was not ready within two minutes; the message has
    /// what it said.</exception>
    public static async Task<EmbeddedClickHouse> StartAsync(string? data = null, string[]? arguments = null,
        params (string Name, string Value)[] environment)
    {
        var directory = data ?? Directory.CreateTempSubdirectory("streaming-clickhouse-").FullName;
        string[] port = arguments?.Contains("--port") == true ? [] : ["--port", "0"];
        var process = StreamingProgram.StartClickHouse(["--data", directory, .. port, .. arguments ?? []],
            [("STREAMING_CLICKHOUSE_PASSWORD", Password), ("STREAMING_CLICKHOUSE_READER_PASSWORD", ReaderPassword), .. environment]);
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, e) =>
        {
            lock (errors)
            {
                errors.AppendLine(e.Data);
            }
        };
        process.BeginErrorReadLine();
        if (await ReadyAsync(process) is { } url) return new EmbeddedClickHouse(process, url, directory, data is null, errors);
        var late = !process.HasExited;
        if (late) process.Kill();
        await process.WaitForExitAsync();
        var how = late ? $"was not ready within {Patience.TotalSeconds:0} s" : $"ended with code {process.ExitCode}";
        process.Dispose();
        if (data is null) Directory.Delete(directory, recursive: true);
        lock (errors) throw new InvalidOperationException($"local-clickhouse {how}: {errors}");
    }

    /// <summary>Where it listens; null when it has ended, or is not ready in time.</summary>
    private static async Task<Uri?> ReadyAsync(Process process)
    {
        const string Ready = "ready ";
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(Ready, StringComparison.Ordinal)) return new Uri(line[Ready.Length..]);
            }

            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        return null;
    }

    /// <summary>Runs a statement by POST and gives the result as text.</summary>
    /// <exception cref="HttpRequestException">The server refused it; the message is the server's.</exception>
    public async Task<string> QueryAsync(string sql)
    {
        using var response = await Http.PostAsync("/", new StringContent(sql));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text.TrimEnd('\n') : throw new HttpRequestException(text.TrimEnd('\n'), null,
            response.StatusCode);
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended => Process.WaitForExitAsync();

    /// <summary>Ends it by SIGKILL, as a crash would.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop by SIGTERM and gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        ProcessSignals.Send(Process.Id, ProcessSignals.Term);
        using var limit = new CancellationTokenSource(Patience);
        await Process.WaitForExitAsync(limit.Token);
        return Process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!Process.HasExited)
        {
            await KillAsync();
        }
        Process.Dispose();
        if (ownsData)
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }
}
