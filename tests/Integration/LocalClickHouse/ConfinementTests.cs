using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Streaming.LocalClickHouse.Confinement;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>
/// The confinement of the engine's process by the kernel. The gate is not used here: a test program runs what the gate would refuse. Each
/// attempt
/// is made outside the walls too, where it must work: an attempt that fails by itself proves nothing.
/// </summary>
public sealed partial class ConfinementTests : IDisposable
{
    private const string Secret = "nobodys-business-4711";
    private readonly TemporaryDirectory folder = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string file;

    public ConfinementTests()
    {
        listener.Start();
        file = Path.Combine(folder.Path, "secret.txt");
        File.WriteAllText(file, Secret + "\n");
    }

    private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    private string Data => Path.Combine(folder.Path, "data");

    public void Dispose()
    {
        listener.Stop();
        folder.Dispose();
    }

    [Theory]
    [InlineData("SELECT * FROM file('{file}', 'LineAsString', 'l String')")]
    [InlineData("SELECT * FROM files_by_path.`{file}`")]
    [InlineData("SELECT file('{file}')")]
    [InlineData("SELECT * FROM file('/proc/{parent}/environ', 'RawBLOB', 'l String')")]
    [InlineData("SELECT * FROM file('/proc/{parent}/cmdline', 'RawBLOB', 'l String')")]
    [InlineData("INSERT INTO FUNCTION file('{folder}/out.csv', 'CSV', 'n UInt8') SELECT 1")]
    [InlineData("SELECT 1 INTO OUTFILE '{folder}/out.tsv'")]
    [InlineData("!read {file}")]
    [InlineData("!read /etc/passwd")]
    [InlineData("!read /proc/{parent}/environ")]
    [InlineData("!write {folder}/out.txt")]
    [InlineData("!list /")]
    [InlineData("!list {folder}")]
    [InlineData("!link {data}/a")]
    [InlineData("!run true")]
    [InlineData("!run {data}/program")]
    [InlineData("!fork now")]
    [InlineData("!connect {port}")]
    [InlineData("!udp {port}")]
    [InlineData("!unix {folder}/s")]
    [InlineData("!listen now")]
    [InlineData("!signal {parent}")]
    [InlineData("!memory {parent}")]
    [InlineData("!own {parent}")]
    [InlineData("!fastopen {port}")]
    [InlineData("!mode {file}")]
    [InlineData("!watch now")]
    [InlineData("!type x")]
    [InlineData("!nice {parent}")]
    [InlineData("!nice-group x")]
    [InlineData("!pin {parent}")]
    [InlineData("!socket 1")]
    [InlineData("!socket 16")]
    [InlineData("!socketpair x")]
    [InlineData("!rename {data}/program {folder}/out.program")]
    [InlineData("!rename {file} {data}/mine")]
    [InlineData("!hard-link {data}/program {folder}/out.program")]
    [InlineData("!hard-link {file} {data}/mine")]
    [InlineData("!pipe {folder}/out.pipe")]
    [InlineData("!pipe {data}/pipe")]
    [InlineData("!run-memory x")]
    public async Task An_attempt_that_works_without_confinement_is_refused_with_it(string attempt)
    {
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        unix.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "s")));
        unix.Listen();
        Directory.CreateDirectory(Data);
        File.Copy("/bin/true", Path.Combine(Data, "program"));
        attempt = attempt.Replace("{file}", file, StringComparison.Ordinal).Replace("{folder}", folder.Path, StringComparison.Ordinal)
            .Replace("{data}", Data, StringComparison.Ordinal)
            .Replace("{parent}", $"{Environment.ProcessId}", StringComparison.Ordinal)
                .Replace("{port}", $"{Port}", StringComparison.Ordinal);

        Assert.StartsWith("refused", Assert.Single(await RunAsync("confined", attempt)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "out.*"));
        if (File.Exists(Path.Combine(Data, "a.link"))) File.Delete(Path.Combine(Data, "a.link"));
        Assert.StartsWith("ok", Assert.Single(await RunAsync("open", attempt)), StringComparison.Ordinal);
    }

    /// <summary>Not every kernel has these, or lets anybody use them.</summary>
    [SkippableTheory]
    [InlineData("!socket 40")]
    [InlineData("!ring x")]
    public async Task An_attempt_that_only_some_kernels_allow_is_refused_with_confinement(string attempt)
    {
        Assert.StartsWith("refused", Assert.Single(await RunAsync("confined", attempt)), StringComparison.Ordinal);
        var outside = Assert.Single(await RunAsync("open", attempt));
        Skip.IfNot(outside.StartsWith("ok", StringComparison.Ordinal), $"This machine has it neither inside nor outside: {outside}.");
    }

    [Theory]
    [InlineData("confined", false)]
    [InlineData("open", true)]
    public async Task A_dictionary_runs_a_program_only_without_confinement(string walls, bool runs)
    {
        var trace = Path.Combine(Data, "it-ran");
        await RunAsync(
            walls,
            $"CREATE DICTIONARY d (id UInt64, v String) PRIMARY KEY id SOURCE(EXECUTABLE(COMMAND 'touch {trace}; printf \"1\\tx\\n\"' " +
                "FORMAT 'TabSeparated')) LIFETIME(0) LAYOUT(FLAT())",
            "SELECT dictGet('d', 'v', toUInt64(1))");
        Assert.Equal(runs, File.Exists(trace));
    }

    [Theory]
    [InlineData("SELECT * FROM url('http://127.0.0.1:{port}/', 'LineAsString', 'l String') SETTINGS http_max_tries = 1")]
    [InlineData("SELECT * FROM remote('127.0.0.1:{port}', system.one)")]
    public async Task A_confined_engine_opens_no_connection(string attempt)
    {
        attempt = attempt.Replace("{port}", $"{Port}", StringComparison.Ordinal);
        Assert.StartsWith("refused", Assert.Single(await RunAsync("confined", attempt)), StringComparison.Ordinal);
        Assert.False(listener.Pending());
        var outside = RunAsync("open", attempt);
        (await listener.AcceptTcpClientAsync()).Dispose();
        await outside;
    }

    /// <summary>A shell may have files open for the programs it starts; the engine is not to read on from them.</summary>
    [Fact]
    public async Task Open_files_of_the_parent_are_not_inherited()
    {
        Assert.StartsWith("refused", Assert.Single(await RunAsync("confined", "!inherited 900")), StringComparison.Ordinal);
        Assert.Equal("ok " + Secret, Assert.Single(await RunAsync("open", "!inherited 900")));
    }

    /// <summary>The passwords come in on the standard input, sometimes as a file in memory that could be opened a second time.</summary>
    [Fact]
    public async Task Standard_input_is_dev_null_after_the_passwords_are_read()
    {
        await using var server = await EmbeddedClickHouse.StartAsync();
        Assert.Equal("/dev/null", new FileInfo($"/proc/{server.Process.Id}/fd/0").LinkTarget);
    }

    [Fact]
    public async Task The_engines_environment_holds_no_settings()
    {
        const string Own = "SELECT * FROM file('/proc/self/environ', 'RawBLOB', 'l String')";
        Assert.DoesNotContain(Secret, Text(Assert.Single(await RunAsync("confined", Own))), StringComparison.Ordinal);
        Assert.Contains(Secret, Text(Assert.Single(await RunAsync("open", Own))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_confined_engine_runs_ordinary_statements()
    {
        var answers = await RunAsync(
            "confined",
            "CREATE TABLE t (p UInt8, n UInt64) ENGINE = MergeTree PARTITION BY p ORDER BY n",
            "CREATE TABLE u AS t",
            "INSERT INTO t SELECT number % 3, number FROM numbers(300000)",
            "INSERT INTO u SELECT 1, number FROM numbers(10)",
            "OPTIMIZE TABLE t FINAL",
            "ALTER TABLE t REPLACE PARTITION 1 FROM u",
            "ALTER TABLE t DETACH PARTITION 2",
            "ALTER TABLE t ATTACH PARTITION 2",
            "ALTER TABLE t DELETE WHERE p = 0 SETTINGS mutations_sync = 1",
            "CREATE DATABASE other",
            "RENAME TABLE u TO other.u",
            "DROP TABLE other.u",
            "SELECT count(), sum(n), toTimeZone(toDateTime(0), 'Asia/Shanghai') FROM t SETTINGS max_bytes_before_external_group_by = 1");
        Assert.All(answers, a => Assert.StartsWith("ok", a, StringComparison.Ordinal));
        Assert.Equal("100010\t15000050045\t1970-01-01 08:00:00\n", Text(answers[^1]));
    }

    [SkippableFact]
    public void The_numbers_of_system_calls_are_the_kernels()
    {
        var here = Numbers("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
        var there = Numbers("/usr/include/asm-generic/unistd.h");
        Skip.If(here.Count == 0 && there.Count == 0, "The kernel's headers are not installed (linux-libc-dev).");
        SystemCall[] all = [.. SystemCalls.Refused, SystemCalls.Clone, SystemCalls.Clone3, SystemCalls.Kill, SystemCalls.ThreadKill,
            SystemCalls.Limits, SystemCalls.Seccomp, SystemCalls.FileControl, SystemCalls.DeviceControl, SystemCalls.SendTo,
            SystemCalls.SendMessage, SystemCalls.SendMessages, SystemCalls.Priority, .. SystemCalls.Scheduling];
        Assert.Equal(all.Length, all.Select(c => c.Name).Distinct().Count());
        foreach (var call in all)
        {
            if (here.TryGetValue(call.Name, out var number)) Assert.Equal((call.Name, number), (call.Name, call.X64));
            if (there.TryGetValue(call.Name, out number)) Assert.Equal((call.Name, number), (call.Name, call.Arm64));
        }
    }

    private static Dictionary<string, int> Numbers(string header) => !File.Exists(header)
        ? []
        : Definition().Matches(File.ReadAllText(header)).ToDictionary(m => m.Groups[1].Value, m =>
            int.Parse(m.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));

    private static string Text(string answer) => Encoding.UTF8.GetString(Convert.FromHexString(answer["ok ".Length..]));

    private async Task<List<string>> RunAsync(string walls, params string[] requests)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(StreamingProgram.Repository, "tests", "Walls", "bin", output.Parent!.Name, output.Name, "walls.dll");
        Directory.CreateDirectory(Data);
        var start = new ProcessStartInfo("bash", ["-c", "exec 900<\"$1\"; shift; exec dotnet \"$@\"", "bash", file, program, walls, Data])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["STREAMING__Ops__ApiKey"] = Secret;
        using var process = StreamingProgram.Spawn(start);
        var errors = process.StandardError.ReadToEndAsync();
        foreach (var request in requests) await process.StandardInput.WriteLineAsync(request);
        process.StandardInput.Close();
        var answers = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        await process.WaitForExitAsync();
        Assert.True(answers.Count == requests.Length + 1, $"{string.Join('\n', answers)}\n{await errors}");
        Assert.Equal(walls == "open" ? "open" : "missing ", answers[0]);
        return answers[1..];
    }

    [GeneratedRegex(@"#define __NR(?:3264)?_(\w+) (\d+)\s")]
    private static partial Regex Definition();
}
