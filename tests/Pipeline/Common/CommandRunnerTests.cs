using System.CommandLine;
using Streaming.Common.CommandLine;

namespace Streaming.Pipeline.Tests.Common;

/// <summary>Every command ends with an exit code, whatever ends it.</summary>
public sealed class CommandRunnerTests
{
    [Theory]
    [InlineData(ExitCodes.Done)]
    [InlineData(ExitCodes.Failed)]
    public async Task A_command_that_is_stopped_ends_with_the_code_for_interrupted_commands(int interrupted) =>
        Assert.Equal(interrupted, await EndsAsync(new OperationCanceledException(), interrupted));

    [Theory]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task A_command_that_fails_ends_with_failed(Type failure) =>
        Assert.Equal(ExitCodes.Failed, await EndsAsync((Exception)Activator.CreateInstance(failure)!, ExitCodes.Done));

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_a_failure() =>
        Assert.Equal(ExitCodes.Failed, await EndsAsync(new TaskCanceledException("late", new TimeoutException()), ExitCodes.Done));

    [Fact]
    public async Task A_failure_of_the_user_has_its_own_code() =>
        Assert.Equal(ExitCodes.WrongUsage, await EndsAsync(new CommandException("wrong", ExitCodes.WrongUsage), ExitCodes.Done));

    private static Task<int> EndsAsync(Exception failure, int interrupted)
    {
        var root = new RootCommand();
        root.SetAction((_, _) => Task.FromException<int>(failure));
        return CommandRunner.RunAsync(root, [], "program", TimeSpan.FromMinutes(1), interrupted: interrupted);
    }
}
