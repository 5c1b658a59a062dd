using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Streaming.Common.Escaping;
using Streaming.Common.Processes;

namespace Streaming.App.Children;

/// <summary>
/// One run of a child process that has reported that it is ready. Its output becomes log lines here; it dies with this process (see
/// <see cref="ParentWatch"/>). Safe from any thread.
/// </summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15, SigCont = 18;
    private readonly Process process;
    private readonly ChildProcessOptions options;
    private readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger log;
    private string lastLine = "it printed nothing";

    private ChildProcess(Process process, ChildProcessOptions options, ILogger log)
    {
        this.process = process;
        this.options = options;
        this.log = log;
        var output = ForwardAsync(process.StandardOutput, readyExpected: true);
        var errors = ForwardAsync(process.StandardError, readyExpected: false);
        Exited = WaitAsync(output, errors);
    }

    /// <summary>The process id.</summary>
    public int Id => process.Id;

    /// <summary>Completes when the process has ended, with its exit code (128 + n after signal n). Never fails.</summary>
    public Task<int> Exited { get; }

    /// <summary>What follows <see cref="ChildProcessOptions.ReadyMark"/> on the line that said
    /// it is ready: for example <c>127.0.0.1:9092 life=…</c>.</summary>
    public string Ready => ready.Task.Result;

    /// <summary>Starts the child and waits until it says that it is ready.</summary>
    /// <exception cref="ChildProcessException">It could not be started, ended before it was ready, or took longer than
    /// <see cref="ChildProcessOptions.ReadyTimeout"/>; it is not running any more.</exception>
    public static async Task<ChildProcess> StartAsync(ChildProcessOptions options, ILogger log, CancellationToken cancellation)
    {
        var child = new ChildProcess(await SpawnAsync(options), options, log);
        try
        {
            await Task.WhenAny(child.ready.Task, child.Exited).WaitAsync(options.ReadyTimeout, cancellation);
            return child.ready.Task.IsCompletedSuccessfully
                ? child
                : throw new ChildProcessException($"The {options.Name} process ended with exit code {await child.Exited} before it was " +
                    $"ready: {child.lastLine}.", await child.Exited);
        }
        catch (TimeoutException)
        {
            await child.KillAsync();
            throw new ChildProcessException($"The {options.Name} process was not ready within {options.ReadyTimeout.TotalSeconds:0} s " +
                $"and was killed; its last line: {child.lastLine}.");
        }
        catch
        {
            await child.KillAsync();
            throw;
        }
    }

    /// <summary>Asks the child to end (SIGTERM, then SIGCONT so that a paused child handles it) and kills it when it has not within
    /// <see cref="ChildProcessOptions.StopTimeout"/>.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited && Signal(process.Id, SigTerm) == 0)
        {
            _ = Signal(process.Id, SigCont);
            try
            {
                await Exited.WaitAsync(options.StopTimeout);
            }
            catch (TimeoutException)
            {
                log.ChildKilled(options.Name, options.StopTimeout.TotalSeconds);
            }
        }

        await KillAsync();
    }

    /// <summary>Kills the child (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await Exited;
    }

    /// <summary>Stops the child if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    private static async Task<Process> SpawnAsync(ChildProcessOptions options)
    {
        var start = new ProcessStartInfo(options.File, options.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in ChildEnvironment.Of(Environment.GetEnvironmentVariables())) start.Environment[name] = value;
        foreach (var (name, value) in options.Environment) start.Environment[name] = value;

        start.Environment[ParentWatch.ParentVariable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        try
        {
            var process = await Spawner.StartAsync(start);
            await GiveInputAsync(process, options.Input);
            return process;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new ChildProcessException($"The {options.Name} process could not be started: {options.File}: {error.Message}.");
        }
    }

    private static async Task GiveInputAsync(Process process, string input)
    {
        if (input.Length == 0) return;
        try
        {
            await process.StandardInput.WriteAsync(input);
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // The child ended before it read its input; its last lines say why.
        }
    }

    private async Task<int> WaitAsync(Task output, Task errors)
    {
        await process.WaitForExitAsync();
        // Its last lines may still be in the pipes, so they are read first. The wait is limited, because a grandchild may hold the pipes
        // open.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromSeconds(5)));
        return process.ExitCode;
    }

    private async Task ForwardAsync(StreamReader lines, bool readyExpected)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (readyExpected && line.IndexOf(options.ReadyMark, StringComparison.Ordinal) is >= 0 and var at
                && ready.TrySetResult(line[(at + options.ReadyMark.Length)..]))
            {
                continue;
            }

            // Indented lines are the frames of a stack trace: what went wrong stands above them.
            lastLine = line.Length == 0 || char.IsWhiteSpace(line[0]) ? lastLine : line.TrimEnd('.');
            log.ChildSays(options.Name, TerminalText.Of(line));
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
