using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streaming.App.Hosting;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;

namespace Streaming.App.Installing;

/// <summary>Reads the rules file again when it changes. Good rules are in force from the next
/// commit on; a bad file leaves the old rules running.</summary>
/// <remarks>
/// It looks at the file's content every two seconds: editors replace files in ways that file-system events report differently. A change
/// counts once two looks have read the same: a file that is being written is not read half. Each error is logged once until it changes.
/// </remarks>
/// <param name="options">Name the file.</param>
/// <param name="hosted">The rules in force.</param>
/// <param name="log">Logs what happens with a changed file.</param>
internal sealed class RulesWatcher(IOptions<UpSettings> options, Lazy<HostedStore> hosted, ILogger<RulesWatcher> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private string? seen, judged, told;

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

    /// <summary>Looks once.</summary>
    internal void Look(string path, RulesBook book)
    {
        try
        {
            var text = RulesFile.Text(path);
            if (text == seen) Take(text, book);
            seen = text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            seen = null;
            if (IsNews(e.Message)) log.RulesFileUnreadable(Every.TotalSeconds, book.Current.Version, e.Message);
        }
    }

    private void Take(string text, RulesBook book)
    {
        if (text == judged)
        {
            told = null;
            return;
        }

        var before = book.Current;
        try
        {
            var result = book.Judge(text);
            if (result.Rules is not { } rules)
            {
                log.RulesRefused(before.Version, string.Join(' ', result.Errors));
            }
            else if (rules.Hash != before.Hash)
            {
                book.Change(rules, text);
                log.RulesChanged(rules.Version, before.Version, rules.Input.Earliest);
                if (result.Lost.Count > 0) log.RulesLost(rules.Version, string.Join(", ", result.Lost));
            }

            (judged, told) = (text, null);
        }
        catch (StoreException e)
        {
            if (IsNews(e.Message)) log.RulesNotStored(Every.TotalSeconds, before.Version, e.Message);
        }
    }

    private bool IsNews(string trouble)
    {
        if (told == trouble) return false;
        told = trouble;
        return true;
    }
}
