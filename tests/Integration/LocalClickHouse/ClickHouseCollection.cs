using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>One running engine for all tests of the HTTP interface; each test uses tables of its own.</summary>
[CollectionDefinition(nameof(ClickHouseCollection))]
public sealed class ClickHouseCollection : ICollectionFixture<ClickHouseFixture>;
