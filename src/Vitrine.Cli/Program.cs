// A decoder child process: before anything else, so that nothing else is loaded.
if (args is ["decoder", ..])
    return Vitrine.Decoding.DecoderProgram.RunOnStandardStreams();
return 0;
