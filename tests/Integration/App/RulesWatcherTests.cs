using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Streaming.App.Hosting;
using Streaming.App.Installing;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.App;

/// <summary>Whatever becomes of the rules file while the program runs, the program goes on and says what it makes of it.</summary>
public sealed class RulesWatcherTests
{
    [Fact]
    public async Task The_old_rules_stay_when_the_file_cannot_be_read_or_the_new_rules_cannot_be_stored()
    {
        using var files = new TemporaryDirectory();
        var file = Path.Combine(files.Path, "rules.yaml");
        Directory.CreateDirectory(file); // reading it is refused, as a file of somebody else's would be, also to the superuser
        var facts = new Facts();
        var book = new RulesBook(facts, "{}");
        var first = book.Current.Version;
        using var log = new RecordedLog<RulesWatcher>();
        var hosted = new HostedStore(null!, null!, book);
        using var watcher = new RulesWatcher(Options.Create(new UpSettings { Rules = file }), new Lazy<HostedStore>(hosted), log);
        await watcher.StartAsync(CancellationToken.None);
        await Until.TrueAsync(() => log.Said("cannot be read"));

        Directory.Delete(file);
        await File.WriteAllTextAsync(file, "churn: {hiatusDays: 40}");
        await Until.TrueAsync(() => log.Said("cannot be stored"));
        Assert.Equal(first, book.Current.Version);

        facts.Full = false;
        await Until.TrueAsync(() => book.Current.Version != first);
        Assert.Equal(40, book.Current.Churn.HiatusDays);
        await watcher.StopAsync(CancellationToken.None);
    }

    /// <summary>Facts in memory; what comes after the first finds the disk full until it is not.</summary>
    private sealed class Facts : IFacts
    {
        private readonly ConcurrentDictionary<string, string> all = new();

        public volatile bool Full = true;

        public string? this[string name] => all.GetValueOrDefault(name);

        public void Set(params (string Name, string Value)[] facts)
        {
            if (Full && !all.IsEmpty) throw new StoreException("the disk is full", true);
            foreach (var (name, value) in facts) all[name] = value;
        }

        public string Draw(string name, string value) => all.GetOrAdd(name, value);
    }
}
