using Streaming.Members.Rules;

namespace Streaming.Grains.Actors;

/// <summary>What is applied together and becomes durable together on one silo.</summary>
internal sealed class Group(long now, RuleSet rules, GroupContexts contexts)
{
    private readonly TaskCompletionSource<bool> durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The members' clock, epoch milliseconds.</summary>
    public long Now { get; } = now;

    /// <summary>The rules every member is under in it.</summary>
    public RuleSet Rules { get; } = rules;

    /// <summary>Where the members' turns leave what they caused.</summary>
    public GroupContexts Contexts { get; } = contexts;

    /// <summary>Completes with true once it is durable, with false once it never will be.</summary>
    public Task<bool> Durable => durable.Task;

    /// <summary>True when the commit did not land. The members' state in memory must be dropped.</summary>
    public bool Lost => durable.Task is { IsCompletedSuccessfully: true, Result: false };

    /// <summary>Completes <see cref="Durable"/>.</summary>
    public void End(bool landed) => durable.TrySetResult(landed);
}
