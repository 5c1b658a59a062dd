namespace Streaming.Engine.Tracing;

/// <summary>Which records without a <c>traceparent</c> begin a trace. Thread-safe.</summary>
public sealed class TraceSampling
{
    /// <summary>Share of them, 0 (none, the default) to 1 (all).</summary>
    public double Ratio { get; set; }

    /// <summary>True for this share of the calls, at random.</summary>
    public bool Begins() => Ratio > 0 && Random.Shared.NextDouble() < Ratio;
}
