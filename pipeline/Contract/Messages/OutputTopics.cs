namespace Streaming.Contract.Messages;

/// <summary>The output topics. Numbers are stored: never change one.</summary>
public enum OutputTopic : byte
{
    /// <summary>Topic <c>churn-alerts</c>.</summary>
    ChurnAlerts = 0,

    /// <summary>Topic <c>rewards</c>.</summary>
    Rewards = 1,

    /// <summary>Topic <c>care-actions</c>.</summary>
    CareActions = 2,

    /// <summary>Topic <c>member-changes</c>.</summary>
    MemberChanges = 3,

    /// <summary>Internal topic <c>signals</c>.</summary>
    Signals = 4,

    /// <summary>Topic <c>dead-letters</c>.</summary>
    DeadLetters = 5,
}

/// <summary>The names of the output topics.</summary>
public static class OutputTopics
{
    /// <summary>The full name of every output topic, by <see cref="OutputTopic"/>.</summary>
    /// <param name="prefix">What every name begins with; empty unless the setting TopicPrefix or a replay gives one.</param>
    public static IEnumerable<string> Names(string prefix) => Enum.GetValues<OutputTopic>().Select(t => prefix + Name(t));

    /// <summary>The contract's name of an output topic.</summary>
    public static string Name(OutputTopic topic) => topic switch
    {
        OutputTopic.ChurnAlerts => "churn-alerts",
        OutputTopic.Rewards => "rewards",
        OutputTopic.CareActions => "care-actions",
        OutputTopic.MemberChanges => "member-changes",
        OutputTopic.Signals => "signals",
        OutputTopic.DeadLetters => "dead-letters",
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };
}
