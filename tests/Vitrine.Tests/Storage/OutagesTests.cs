using Microsoft.Extensions.Logging;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Tests.Storage;

/// <summary>What holds work up is there for who asks, and a few lines in the log, however many meet it.</summary>
public sealed class OutagesTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly KeptLog _log = new();
    private readonly Outages _outages;

    public OutagesTests() => _outages = new Outages(_time, _log);

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Begin_MetManyTimes_IsALineAtOnceAndOneEachHour()
    {
        for (var minute = 0; minute < 150; minute++)
        {
            _outages.Begin(OutageKind.DatabaseWriting, $"The disk is full, as {minute} wrote.");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, _log.Warnings.Count());
        var outage = Assert.Single(_outages.Current);
        Assert.Equal((ManualTime.Start, "The disk is full, as 149 wrote."), (outage.Since, outage.Reason));
        _outages.End(OutageKind.DatabaseWriting);
        _outages.End(OutageKind.DatabaseWriting);
        Assert.Empty(_outages.Current);
        Assert.Single(_log.All, line => line.StartsWith("Information The database can be written again: work goes on", StringComparison.Ordinal));
    }

    [Fact]
    public void Begin_ComingAndGoing_IsToldOnceAMinute()
    {
        for (var second = 0; second < 59; second++)
        {
            _outages.Begin(OutageKind.DerivedFiles, "The disk is full.");
            Assert.NotNull(_outages.FindOrNull(OutageKind.DerivedFiles));
            _outages.End(OutageKind.DerivedFiles);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _log.All.Count()); // it came and it went
        _time.Advance(TimeSpan.FromSeconds(1));
        _outages.Begin(OutageKind.DerivedFiles, "The disk is full.");
        Assert.Equal(3, _log.All.Count()); // nobody is left without a word of what lasts
    }

    [Fact]
    public void Current_Several_AreTheGravestFirst()
    {
        _outages.Begin(OutageKind.Decoders, "No decoder starts.");
        _outages.Begin(OutageKind.DatabaseFile, "The file is gone.");
        _outages.Begin(OutageKind.DerivedFiles, "The disk is full.");

        Assert.Equal([OutageKind.DatabaseFile, OutageKind.DerivedFiles, OutageKind.Decoders], _outages.Current.Select(outage => outage.Kind));
    }

    [Fact]
    public void LevelOf_WhatIsToldAlready_IsQuiet()
    {
        Assert.Equal(LogLevel.Debug, Outages.LevelOf(new DatabaseUnavailableException("full") { IsTold = true }, LogLevel.Error));
        Assert.Equal(LogLevel.Error, Outages.LevelOf(new DatabaseUnavailableException("a statement is wrong"), LogLevel.Error));
        Assert.Equal(LogLevel.Warning, Outages.LevelOf(null, LogLevel.Warning));
    }
}
