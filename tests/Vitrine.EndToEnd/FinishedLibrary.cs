using Vitrine.EndToEnd;
using Xunit;

[assembly: AssemblyFixture(typeof(FinishedLibrary))]

namespace Vitrine.EndToEnd;

/// <summary>One imported library that many tests look at and none changes: 400 pictures, one of them described, a model and a broken file.</summary>
public sealed class FinishedLibrary : IAsyncLifetime
{
    public const int Pictures = 401;

    public const int Total = Pictures + 2;

    private readonly SampleFolder _folder = new();

    public RunningVitrine Vitrine { get; private set; } = null!;

    public string LibraryId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _folder.WithPictures(400).WithModel("part.stl").With("broken.jpg", "not a picture")
            .WithPicture("described.png", 400, 300, seed: 77).With("described.png.xmp", """
                <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
                  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">
                    <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Evening at the harbour</rdf:li></rdf:Alt></dc:title>
                    <dc:subject><rdf:Bag><rdf:li>boats</rdf:li><rdf:li>dusk</rdf:li></rdf:Bag></dc:subject>
                  </rdf:Description>
                </rdf:RDF></x:xmpmeta>
                """);
        Vitrine = await RunningVitrine.StartAsync();
        LibraryId = await Vitrine.AddLibraryAsync(_folder.Path, "Harbour");
        await Vitrine.WaitUntilFinalAsync(LibraryId);
    }

    public async ValueTask DisposeAsync()
    {
        if (Vitrine is not null)
            await Vitrine.DisposeAsync();
        _folder.Dispose();
    }
}
