using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streaming.App.Hosting;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;

namespace Streaming.App.Installing;

/// <summary>Reads the rules file again when it changes. Good rules are in force from the next
/// commit on; a bad file leaves the old rules running.</summary>
/// <remarks>It looks at the file's content every two seconds: editors replace files in
/// ways that file-system events report differently.</remarks>
/// <param name="options">Name the file.</param>
/// <param name="hosted">The rules in force.</param>
/// <param name="log">Told what becomes of a changed file.</param>
internal sealed class RulesWatcher(IOptions<UpSettings> options, Lazy<HostedStore> hosted, ILogger<RulesWatcher> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private string? refused;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            Look(options.Value.RulesPath, hosted.Value.Rules);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Look(string path, RulesBook book)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.RulesFileUnreadable(Every.TotalSeconds, book.Current.Version, e.Message);
            return;
        }

        if (text == refused) return;
        var result = RulesLoader.Load(text, book.Current);
        if (result.Rules is null)
        {
            refused = text;
            log.RulesRefused(book.Current.Version, string.Join(' ', result.Errors));
            return;
        }

        refused = null;
        if (result.Rules.Hash == book.Current.Hash) return;
        var before = book.Current.Version;
        try
        {
            book.Change(result.Rules, text);
        }
        catch (StoreException e)
        {
            log.RulesNotStored(Every.TotalSeconds, before, e.Message);
            return;
        }

        log.RulesChanged(result.Rules.Version, before, result.Rules.Input.Earliest);
    }
}
