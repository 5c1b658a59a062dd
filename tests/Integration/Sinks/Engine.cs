using Streaming.Pipeline.Sinks.ClickHouse;

namespace Streaming.Integration.Tests.Sinks;

/// <summary>A ClickHouse to test against.</summary>
public sealed class Engine
{
    public string Url { get; } = Environment.GetEnvironmentVariable("SINK_DEV_URL") ?? "http://127.0.0.1:18123";
}
