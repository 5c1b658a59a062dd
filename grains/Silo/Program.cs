return await Streaming.Silo.Commands.SiloCli.RunAsync(args);
