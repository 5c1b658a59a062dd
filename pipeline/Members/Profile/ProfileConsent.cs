using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>What a member said about being contacted, by channel; names of channels in any
/// case. However much was said, a refusal is never forgotten.</summary>
/// <remarks>
/// Room for <see cref="TextTable.MaxEntries"/> answers. A refusal that finds none makes <see cref="RefusesOthers"/> true, which says the
/// same of every channel without an answer of its own; refusals then need no room. A yes that finds none is not kept.
/// </remarks>
public struct ProfileConsent
{
    private static ReadOnlySpan<byte> Yes => "1"u8;

    private static ReadOnlySpan<byte> No => "0"u8;

    private TextTable answers;

    /// <summary>The name that stands for every channel: <c>*</c>. It can be refused, not given.</summary>
    public static Text Every { get; } = Text.From("*");

    /// <summary>True when every channel is refused that has no answer of its own.</summary>
    public bool RefusesOthers { get; private set; }

    /// <summary>True for yes, false for no, null when nothing was said.</summary>
    public readonly bool? To(ReadOnlySpan<byte> channel)
    {
        foreach (var answer in answers)
        {
            if (Text.SameLetters(answer.Name, channel)) return answer.Value.SequenceEqual(Yes);
        }

        return RefusesOthers ? false : null;
    }

    /// <summary>The answers of their own, by channel; allocates.</summary>
    public readonly IReadOnlyDictionary<string, bool> ToDictionary()
    {
        var all = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var answer in answers) all[System.Text.Encoding.UTF8.GetString(answer.Name)] = answer.Value.SequenceEqual(Yes);
        if (RefusesOthers) all["*"] = false;
        return all;
    }

    /// <summary>Keeps a refusal; <see cref="Every"/> withdraws every yes. Always taken.</summary>
    internal void Refuse(ReadOnlySpan<byte> channel)
    {
        if (channel.SequenceEqual(Every.Span)) answers.Clear();
        else Remove(channel);
        if (channel.SequenceEqual(Every.Span)) RefusesOthers = true;
        if (RefusesOthers || answers.Set(channel, No)) return;
        RefusesOthers = true;
        var given = default(TextTable);
        foreach (var answer in answers)
        {
            if (answer.Value.SequenceEqual(Yes)) given.Set(answer.Name, Yes);
        }

        answers = given;
    }

    /// <summary>Keeps a yes.</summary>
    /// <returns>False, and what was said before stays, when there is no room.</returns>
    internal bool Give(ReadOnlySpan<byte> channel)
    {
        if (channel.IsEmpty || channel.Length > TextTable.MaxText) return false;
        Remove(channel);
        return answers.Set(channel, Yes);
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        answers.Clear();
        RefusesOthers = false;
    }

    /// <summary>Writes the answers into a snapshot; <see cref="RefusesOthers"/> is its owner's to write.</summary>
    internal readonly void Write(SnapshotWriter to) => answers.Write(to);

    /// <summary>Replaces it by what was written.</summary>
    internal void Read(ref SnapshotReader from, bool refusesOthers)
    {
        answers.Read(ref from);
        RefusesOthers = refusesOthers;
    }

    private void Remove(ReadOnlySpan<byte> channel)
    {
        foreach (var answer in answers)
        {
            if (!Text.SameLetters(answer.Name, channel)) continue;
            answers.Remove(answer.Name);
            return;
        }
    }
}
