using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vitrine.Sharing;
using Vitrine.Storage;

namespace Vitrine;

/// <summary>Puts together what several processes on one PostgreSQL database need besides it.</summary>
internal static class SharingServices
{
    /// <summary>To be called after everything else is registered: time is the database's from then on.</summary>
    public static IServiceCollection AddSharing(this IServiceCollection services) => services
        .AddSingleton(provider => new SharedClock(provider.GetRequiredService<Database>(), TimeProvider.System))
        .AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SharedClock>())
        .AddSingleton(provider => new PostgresNotifications(
            ((PostgresDatabase)provider.GetRequiredService<Database>()).Source,
            TimeProvider.System,
            provider.GetRequiredService<ILogger<PostgresNotifications>>()))
        .AddSingleton<SharedProgress>()
        .AddSingleton<Resynchronisation>()
        .AddSingleton<AnnouncementRelay>()
        .AddSingleton<SharedDatabase>();
}
