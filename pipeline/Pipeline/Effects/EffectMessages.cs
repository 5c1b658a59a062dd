using System.Buffers;
using System.Text.Json;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Rules;

namespace Streaming.Pipeline.Effects;

/// <summary>Writes effects as the JSON messages of their output topics. One per shard, not thread-safe.</summary>
public sealed class EffectMessages : IDisposable
{
    private readonly Utf8JsonWriter json = new(System.IO.Stream.Null, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Appends the message of one effect.</summary>
    public void Write(IBufferWriter<byte> to, Member member, in Effect effect, RuleSet rules)
    {
        json.Reset(to);
        json.WriteStartObject();
        json.WriteString("kind", effect.Kind.Name());
        json.WriteString("member", member.Id.Span);
        json.WriteNumber("sequence", effect.Sequence);
        json.WriteString("rule", effect.Rule);
        json.WriteString("rulesVersion", rules.Version);
        json.WriteString("cause", effect.Cause.Span);
        json.WriteEndObject();
        json.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();
}
