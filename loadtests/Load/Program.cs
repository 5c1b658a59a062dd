using Streaming.Load;

return await LoadCommand.RunAsync(args);
