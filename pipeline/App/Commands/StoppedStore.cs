using System.CommandLine;
using Streaming.App.Installing;
using Streaming.Engine.Storing;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.App.Commands;

/// <summary>The store of a stopped installation, for the commands that work on it.</summary>
internal static class StoppedStore
{
    public static Option<string> Data { get; } =
        new("--data") { Description = "Data directory of the stopped installation.", HelpName = "DIR" };

    /// <summary>Opens the store, does something with it, closes it.</summary>
    public static void Use(ParseResult parsed, Action<SqliteStore> act)
    {
        var settings = UpSettings.Read(parsed.GetValue(Data) is { } data ? [new("Data", data)] : [], rules: false);
        using var directory = DataDirectory.OpenExisting(settings.Data);
        using var store = StoreOpening.Open(directory, settings);
        act(store);
    }

    /// <summary>Does something with what is parked in it.</summary>
    public static Task UseParkedAsync(ParseResult parsed, Action<IParkedItems> act, CancellationToken stop)
    {
        Use(parsed, store => act(store.Parked));
        return Task.CompletedTask;
    }
}
