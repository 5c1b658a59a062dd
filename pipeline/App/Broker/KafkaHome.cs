namespace Streaming.App.Broker;

/// <summary>An Apache Kafka distribution (<c>libs/*.jar</c>) and the Java that runs it.</summary>
/// <param name="Directory">The distribution's folder.</param>
internal sealed record KafkaHome(string Directory)
{
    /// <summary>The environment variable that names the distribution.</summary>
    public const string Variable = "KAFKA_HOME";

    /// <summary><c>$JAVA_HOME/bin/java</c> when that variable is set, else the <c>java</c> in PATH. Kafka 4 needs Java 17.</summary>
    public static string Java => Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home
        ? Path.Combine(home, "bin", "java")
        : "java";

    /// <summary>The JVM's class path.</summary>
    public string ClassPath => Path.Combine(Directory, "libs", "*");

    /// <summary>Whether the folder looks like a distribution.</summary>
    public bool IsComplete =>
        System.IO.Directory.Exists(Path.Combine(Directory, "libs"))
        && System.IO.Directory.EnumerateFiles(Path.Combine(Directory, "libs"), "kafka*.jar").Any();

    /// <summary>The distribution that the environment names, or null when it names none.</summary>
    public static KafkaHome? FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } directory ? new KafkaHome(Path.GetFullPath(directory)) : null;
}
