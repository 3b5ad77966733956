// A decoder child process: before anything else, so that nothing else is loaded.
if (args is ["decoder", ..])
    return Vitrine.Decoding.DecoderProgram.RunOnStandardStreams();
await using var server = await Vitrine.Server.VitrineServer.StartAsync(
    new Vitrine.VitrineOptions { DataFolder = args[0] }, new Vitrine.Server.ServerOptions { Listen = args[1] }, CancellationToken.None);
Console.WriteLine(server.Address);
await server.WaitForShutdownAsync(CancellationToken.None);
return 0;
