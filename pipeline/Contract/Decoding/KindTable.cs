using System.Text;
using Streaming.Members;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.Contract.Decoding;

/// <summary>Finds an event kind by its name in the contract.</summary>
public static class KindTable
{
    private static readonly Dictionary<ulong, (EventKind Kind, byte[] Name)> Kinds = Enum.GetValues<EventKind>()
        .Where(kind => kind != EventKind.None)
        .Select(kind => (Kind: kind, Name: Encoding.UTF8.GetBytes(kind.Name())))
        .ToDictionary(kind => StableHash.Of(kind.Name));

    /// <summary>The kind of that name among those of a topic, or <see cref="EventKind.None"/>.</summary>
    public static EventKind Find(ReadOnlySpan<byte> name, Topic topic) =>
        Kinds.TryGetValue(StableHash.Of(name), out var found) && name.SequenceEqual(found.Name) && found.Kind.Topic() == topic ? found.Kind
            : EventKind.None;
}
