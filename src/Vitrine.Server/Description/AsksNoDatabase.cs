namespace Vitrine.Server.Description;

/// <summary>Marks an endpoint that answers whether or not there is a database.</summary>
internal sealed record AsksNoDatabase;
