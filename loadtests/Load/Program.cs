using Streaming.Load.Commands;

return await LoadCommand.RunAsync(args);
