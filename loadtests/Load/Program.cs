using Streaming.Loadtests.Load.Commands;

return await LoadCommand.RunAsync(args);
