namespace Vitrine.Server.Tests.Machines;

/// <summary>What a test writes into its database to see more of it, or to slow it down.</summary>
internal static class Outcomes
{
    /// <summary>Keeps a row for each time that an asset became ready or failed; and 0.</summary>
    public const string Watch =
        """
        CREATE TABLE outcomes (asset_id BIGINT, status BIGINT);
        CREATE FUNCTION note_outcome() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO outcomes VALUES (NEW.id, NEW.status); RETURN NEW; END $$;
        CREATE TRIGGER note_outcome AFTER UPDATE ON assets FOR EACH ROW WHEN (NEW.status IN (3, 4) AND OLD.status <> NEW.status) EXECUTE FUNCTION note_outcome();
        SELECT 0
        """;

    /// <summary>This file, once it is taken in, is not claimed before <see cref="Release"/>, so that the work lasts as long as a test needs; and 0.</summary>
    public static string HoldBack(string name) =>
        $"""
        CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.not_before := 9000000000000000; RETURN NEW; END $$;
        CREATE TRIGGER hold_back BEFORE INSERT ON assets FOR EACH ROW WHEN (NEW.name = '{name}') EXECUTE FUNCTION hold_back();
        SELECT 0
        """;

    public const string Release = "DROP TRIGGER hold_back ON assets; UPDATE assets SET not_before = 0 WHERE not_before = 9000000000000000; SELECT 0";

    /// <summary>Each change of an asset takes some milliseconds, so that work is under way for as long as a test needs; and 0.</summary>
    public static string Slow(double seconds) =>
        $"""
        CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep({seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}); RETURN NEW; END $$;
        CREATE TRIGGER take_time BEFORE UPDATE ON assets FOR EACH ROW EXECUTE FUNCTION take_time();
        SELECT 0
        """;

    public const string Fast = "DROP TRIGGER take_time ON assets; SELECT 0";
}
