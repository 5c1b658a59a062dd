using Streaming.App.Broker;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Broker;

/// <summary>One broker of each kind for all tests of a class; each test has topics of its own on it.</summary>
public sealed class BrokerFixture() : KafkaFixture(
    new TopicSpec("counted", 7),
    new TopicSpec("kcat", 4),
    new TopicSpec("kafkajs", 4),
    new TopicSpec("confluent", 4),
    new TopicSpec("compressed", 1),
    new TopicSpec("groups", 4),
    new TopicSpec("small", 1),
    new TopicSpec("large", 1, 3 * 1024 * 1024),
    new TopicSpec("forgetful", 1));
