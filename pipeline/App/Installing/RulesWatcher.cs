using Streaming.Engine.Rules;
using Streaming.Engine.Storing;

namespace Streaming.App.Installing;

/// <summary>Reads the rules file again when it changes. Good rules are in force from the next
/// commit on; a bad file leaves the old rules running.</summary>
/// <remarks>It looks at the file's content every two seconds: editors replace files in
/// ways that file-system events report differently.</remarks>
internal sealed class RulesWatcher : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private readonly string path;
    private readonly RulesBook book;
    private readonly ILogger log;
    private readonly Timer timer;
    private string? refused;

    public RulesWatcher(string path, RulesBook book, ILogger log)
    {
        this.path = path;
        this.book = book;
        this.log = log;
        timer = new Timer(_ => Look(), null, TimeSpan.Zero, Every);
    }

    public void Dispose()
    {
        using var done = new ManualResetEvent(false);
        if (timer.Dispose(done)) done.WaitOne();
    }

    private void Look()
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
