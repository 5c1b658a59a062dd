using Streaming.Engine.Commits;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;

namespace Streaming.App.Hosting;

/// <summary>An open store with its identity and rules.</summary>
/// <param name="Store">The store; who opened it closes it.</param>
/// <param name="Identity">Its generation and pseudonym key.</param>
/// <param name="Rules">The rules in force.</param>
public sealed record HostedStore(IStore Store, StoreIdentity Identity, RulesBook Rules);
