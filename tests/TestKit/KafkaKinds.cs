namespace Streaming.TestKit;

/// <summary>Which kinds this machine has; member data for theories: <c>[MemberData(nameof(KafkaKinds.All), MemberType =
/// typeof(KafkaKinds))]</c>.</summary>
public static class KafkaKinds
{
    /// <summary>The broker named by KAFKA_BOOTSTRAP, or null.</summary>
    public static string? Bootstrap => Set("KAFKA_BOOTSTRAP");

    /// <summary>The distribution named by KAFKA_HOME, or null.</summary>
    public static string? Home => Set("KAFKA_HOME");

    /// <summary>Every kind of broker this machine has.</summary>
    public static IEnumerable<object[]> All => Embedded.Concat(Bootstrap is null ? [] : [[KafkaKind.External]]);

    /// <summary>The kinds that the program starts itself.</summary>
    public static IEnumerable<object[]> Embedded => Home is null ? [[KafkaKind.Mock]] : [[KafkaKind.Mock], [KafkaKind.Apache]];

    private static string? Set(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
