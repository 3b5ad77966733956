using Xunit;

// Nearly every test here listens on a port or starts the program: one after the other, so that they do not take the machine from each other, and all of them for tests/soak.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: Trait("Soak", "yes")]
