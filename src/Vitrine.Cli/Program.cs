using Vitrine.Cli;
using Vitrine.Cli.Diagnosis;
using Vitrine.Cli.Samples;
using Vitrine.Cli.Selftest;
using Vitrine.Decoding;

// Child processes that load libvips: before anything else, so that nothing else is loaded.
return args switch
{
    ["decoder"] => DecoderProgram.RunOnStandardStreams(),
    ["decoder", "formats"] => ReadableFormats.Print(),
    ["decoder", "selftest", var folder] => StockPictures.Make(folder),
    ["decoder", "samples", var folder] => SampleLibrary.MakeAndPrint(folder),
    _ => await CommandLine.RunAsync(args),
};
