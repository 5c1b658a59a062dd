namespace Streaming.App.Hosting;

/// <summary>A child process did not start or did not become ready. The message is one sentence and names the child's own last words.</summary>
public sealed class ChildProcessException(string message) : Exception(message);
