using Xunit;

// Nearly every test here drives the program in a browser: one after the other, so that they do not take the machine from each other, and all of them for tests/soak.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: Trait("Soak", "yes")]
