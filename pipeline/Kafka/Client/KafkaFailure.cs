using Confluent.Kafka;

namespace Streaming.Kafka.Client;

/// <summary>The error message when the Kafka client gives up.</summary>
public static class KafkaFailure
{
    /// <summary>The sentence for an exception of the client; null for any other.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="setting">Where the program takes the broker's address from.</param>
    public static string? Sentence(Exception failure, string setting) => failure is KafkaException kafka
        ? $"Kafka does not answer as needed ({kafka.Error.Reason}): is it running, is its address right ({setting}), may this user " +
            "create topics?"
        : null;
}
