using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Storage;

/// <summary>
/// A time as a clock showed it where something happened, with its distance to UTC where that is known: evening pictures stay on their evening.
/// Written <c>2021-04-11T15:47:53-05:00</c>, or <c>2021-04-11T15:47:53</c> where the distance is not known.
/// </summary>
/// <param name="Clock">To the microsecond.</param>
/// <param name="Offset">East of UTC, whole minutes; null where it is not known.</param>
[JsonConverter(typeof(Json))]
public readonly record struct WallTime(DateTime Clock, TimeSpan? Offset)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF";

    /// <summary>Microseconds since 1970 by the clock itself: rows that are sorted by it are sorted by the clock.</summary>
    public long ToStored() => new DateTimeOffset(Clock.Ticks, TimeSpan.Zero).ToStored();

    public int? OffsetMinutes => (int?)Offset?.TotalMinutes;

    public static WallTime FromStored(long clock, int? offsetMinutes) =>
        new(StoredTime.FromStored(clock).DateTime, offsetMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static WallTime Parse(string text)
    {
        var behind = text.AsSpan(Math.Min(text.Length, 10)).IndexOfAny("+-Z"); // behind the date, which has dashes too
        var clock = DateTime.ParseExact(behind < 0 ? text : text.AsSpan(0, 10 + behind), Format, CultureInfo.InvariantCulture, DateTimeStyles.None);
        if (behind < 0)
            return new(clock, null);
        var offset = text.AsSpan(10 + behind);
        return new(clock, offset is "Z" ? TimeSpan.Zero : TimeSpan.ParseExact(offset[1..], "hh\\:mm", CultureInfo.InvariantCulture) * (offset[0] == '-' ? -1 : 1));
    }

    public override string ToString() => Clock.ToString(Format, CultureInfo.InvariantCulture)
        + (Offset is { } offset ? (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture) : "");

    internal sealed class Json : JsonConverter<WallTime>
    {
        public override WallTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return Parse(reader.GetString() ?? "");
            }
            catch (FormatException exception)
            {
                throw new JsonException(exception.Message);
            }
        }

        public override void Write(Utf8JsonWriter writer, WallTime value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
