using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Children;
using Streaming.TestKit;

namespace Streaming.Faults.Children;

/// <summary>What holds for every child process: the broker and ClickHouse are two of them.</summary>
public sealed partial class ChildProcessTests
{
    private const int Killed = 128 + 9;
    private const int Terminated = 128 + 15;

    [Fact]
    public async Task A_child_dies_when_its_parent_is_killed()
    {
        using var directory = new TemporaryDirectory();
        // A shell stands for the parent: it names itself, as ChildProcess does, and is killed without a chance to tell anyone.
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c",
            $"STREAMING_PARENT=$$ dotnet '{StreamingProgram.Assembly}' broker --data '{directory.Path}' & echo $!; wait"])
        {
            RedirectStandardOutput = true,
        })!;
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.StartsWith("ready ", await parent.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);

        parent.Kill();

        await Until.TrueAsync(() => !ProcessTree.IsRunning(child));
    }

    [Fact]
    public async Task A_child_outlives_the_thread_that_asked_for_it()
    {
        ChildProcess? child = null;
        var thread = new Thread(() => child = ChildProcess.StartAsync(Shell("echo ready now; exec sleep 600"), NullLogger.Instance,
            CancellationToken.None).GetAwaiter().GetResult());
        thread.Start();
        thread.Join();

        // The kernel's signal would have been sent when the thread ended; this one proves that the child was there to get it.
        Assert.False(child!.Exited.IsCompleted);
        await child.StopAsync();
        Assert.Equal(Terminated, await child.Exited);
        await child.DisposeAsync();
    }

    [Fact]
    public async Task A_child_has_a_process_group_of_its_own_so_that_ctrl_c_reaches_the_parent_alone()
    {
        using var directory = new TemporaryDirectory();
        await using var child = await ChildProcess.StartAsync(ChildProcessOptions.Beside("broker", "streaming", "broker", "--data",
            directory.Path), NullLogger.Instance, CancellationToken.None);

        Assert.Equal(child.Id, GetProcessGroup(child.Id));
    }

    [Fact]
    public async Task A_child_gets_no_settings_or_keys_in_its_environment()
    {
        const string Secret = "STREAMING__Ops__ApiKey";
        var before = Environment.GetEnvironmentVariable(Secret);
        Environment.SetEnvironmentVariable(Secret, "nobodys-business-4711");
        try
        {
            await using var child = await ChildProcess.StartAsync(
                Shell("read line; echo ready $(env | cut -d= -f1) given $line; exec sleep 600")
                    with { Input = "secret\n", Environment = new Dictionary<string, string?> { ["WANTED"] = "yes" } },
                NullLogger.Instance, CancellationToken.None);
            var names = child.Ready.Split(' ');
            Assert.Contains("PATH", names);
            Assert.Contains("WANTED", names);
            Assert.DoesNotContain(Secret, names);
            Assert.EndsWith("given secret", child.Ready, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Secret, before);
        }
    }

    [Fact]
    public async Task A_child_that_ends_before_it_is_ready_is_reported_with_its_last_output()
    {
        var error = await Assert.ThrowsAsync<ChildProcessException>(() =>
            ChildProcess.StartAsync(Shell("echo 'the disk is full.' >&2; exit 3"), NullLogger.Instance, CancellationToken.None));

        Assert.Equal("The shell process ended with exit code 3 before it was ready: the disk is full.", error.Message);
    }

    [Fact]
    public async Task A_child_that_is_never_ready_is_killed_at_the_deadline()
    {
        var name = $"never-ready-{Guid.NewGuid():N}";
        var error = await Assert.ThrowsAsync<ChildProcessException>(() => ChildProcess.StartAsync(
            Shell($"read line # {name}") with { ReadyTimeout = TimeSpan.FromSeconds(1) }, NullLogger.Instance, CancellationToken.None));

        Assert.Contains("was not ready within 1 s", error.Message, StringComparison.Ordinal);
        Assert.False(ProcessTree.IsNamed(name));
    }

    [Fact]
    public async Task A_child_that_ignores_sigterm_is_killed()
    {
        await using var child = await ChildProcess.StartAsync(
            Shell("trap '' TERM; echo ready now; while :; do read line; done") with { StopTimeout = TimeSpan.FromMilliseconds(100) },
                NullLogger.Instance, CancellationToken.None);

        await child.StopAsync();

        Assert.Equal(Killed, await child.Exited);
    }

    [Fact]
    public async Task A_child_stopped_by_SIGSTOP_still_ends_on_StopAsync()
    {
        const int ItsOwn = 7;
        await using var child = await ChildProcess.StartAsync(
            Shell($"trap 'exit {ItsOwn}' TERM; echo ready now; while :; do sleep 0.1; done") with { StopTimeout = TimeSpan.FromMinutes(1) },
                NullLogger.Instance, CancellationToken.None);
        Assert.True(ProcessSignals.Send(child.Id, ProcessSignals.Stop));

        await child.StopAsync();

        Assert.Equal(ItsOwn, await child.Exited);
    }

    [Fact]
    public async Task A_supervised_child_that_dies_is_started_again_until_it_is_stopped()
    {
        await using var supervisor = new ChildSupervisor(() => Shell("echo ready now; exec sleep 600"), NullLogger.Instance);
        var lives = System.Threading.Channels.Channel.CreateUnbounded<ChildProcess>();
        var deaths = 0;
        supervisor.Started += child => lives.Writer.TryWrite(child);
        supervisor.Died += code => deaths += code == Killed ? 1 : 0;
        await supervisor.StartAsync(CancellationToken.None);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        for (var life = 0; life < 3; life++)
        {
            await (await lives.Reader.ReadAsync(deadline.Token)).KillAsync();
        }

        var last = await lives.Reader.ReadAsync(deadline.Token);
        await supervisor.StopAsync();
        Assert.Equal(3, deaths);
        Assert.Equal(Terminated, await last.Exited);
        Assert.Null(supervisor.Current);
    }

    private static ChildProcessOptions Shell(string script) => new() { Name = "shell", File = "sh", Arguments = ["-c", script] };

    [LibraryImport("libc", EntryPoint = "getpgid")]
    private static partial int GetProcessGroup(int process);
}
