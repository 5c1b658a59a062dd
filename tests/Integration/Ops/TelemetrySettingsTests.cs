using Streaming.Ops;

namespace Streaming.Integration.Tests.Ops;

public sealed class TelemetrySettingsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:4317", "grpc", "", 0)]
    [InlineData("https://collector.example/otlp", "http/protobuf", "authorization=Bearer%20x, x-tenant=shop", 1)]
    [InlineData("", "grpc", "", 0.5)]
    public void Valid_telemetry_settings_are_accepted(string endpoint, string protocol, string headers, double ratio) =>
        Assert.Empty(Errors(new TelemetrySettings
        {
            OtlpEndpoint = endpoint, OtlpProtocol = protocol, OtlpHeaders = headers, TraceRatio = ratio,
        }));

    [Theory]
    [InlineData("collector:4317", "OtlpEndpoint")]
    [InlineData("ftp://127.0.0.1", "OtlpEndpoint")]
    [InlineData("http://user:secret@127.0.0.1:4318", "OtlpEndpoint")]
    [InlineData("http://127.0.0.1:4318/?key=secret", "OtlpEndpoint")]
    public void A_wrong_collector_address_is_refused(string endpoint, string setting) =>
        Assert.StartsWith($"Telemetry:{setting} ", Assert.Single(Errors(new TelemetrySettings { OtlpEndpoint = endpoint })),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("secret")]
    [InlineData("=secret")]
    [InlineData("a b=secret")]
    [InlineData("a=one\nb=secret")]
    public void Malformed_headers_are_refused_without_showing_them(string headers)
    {
        var error = Assert.Single(Errors(new TelemetrySettings { OtlpHeaders = headers }));
        Assert.StartsWith("Telemetry:OtlpHeaders ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_headers_another_protocol_and_a_ratio_out_of_range_are_refused()
    {
        Assert.Single(Errors(new TelemetrySettings { OtlpHeaders = "a=" + new string('x', 4_096) }));
        Assert.Single(Errors(new TelemetrySettings { OtlpProtocol = "http" }));
        foreach (var ratio in new[] { -0.1, 1.1, double.NaN }) Assert.Single(Errors(new TelemetrySettings { TraceRatio = ratio }));
    }

    [Fact]
    public void The_logged_settings_mask_header_values() => Assert.Equal(
        "OtlpEndpoint = http://127.0.0.1:4317, OtlpProtocol = grpc, OtlpHeaders = authorization=***, x-tenant=***, TraceRatio = 0.25",
        new TelemetrySettings
        {
            OtlpEndpoint = "http://127.0.0.1:4317", OtlpHeaders = "authorization=Bearer%20abc==, x-tenant=shop", TraceRatio = 0.25,
        }.ToShow());

    private static List<string> Errors(TelemetrySettings settings)
    {
        var errors = new List<string>();
        settings.Validate("Telemetry", errors);
        return errors;
    }
}
