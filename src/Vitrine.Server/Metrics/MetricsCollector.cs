using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Vitrine.Server.Metrics;

/// <summary>Listens to the meter <c>Vitrine</c> and keeps what was measured since this server began.</summary>
/// <remarks>Thread-safe. A measurement costs a look-up and a short lock (docs/metrics.md has the figure).</remarks>
internal sealed class MetricsCollector : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, Metric> _metrics = new();
    private readonly Lock _looking = new();
    private readonly ILogger _logger;

    /// <param name="engine">Whose queues and caches are looked up; those of another server in this process are not.</param>
    public MetricsCollector(EngineMeter engine, ILogger<MetricsCollector> logger)
    {
        _logger = logger;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == VitrineMeter.Name && (instrument.Meter.Scope is null || instrument.Meter.Scope == engine))
                listener.EnableMeasurementEvents(instrument, _metrics.GetOrAdd(instrument, static found => new Metric(found)));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, metric) => ((Metric)metric!).Measured(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, metric) => ((Metric)metric!).Measured(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, metric) => ((Metric)metric!).Measured(value, tags));
        _listener.Start();
    }

    /// <summary>Every metric there is, also those of which nothing was measured yet.</summary>
    public IReadOnlyCollection<Metric> Metrics => [.. _metrics.Values];

    /// <summary>Looks up what has to be, and writes everything down.</summary>
    public string Write()
    {
        lock (_looking)
        {
            foreach (var metric in _metrics.Values)
                metric.ForgetLookedUp();
            LookUp();
            return PrometheusText.Write(_metrics.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void LookUp()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException exception)
        {
            // Thrown when all were asked: those that failed have no line this time, as if they had nothing to tell.
            _logger.LogWarning(exception, "{Count} metrics could not be looked up", exception.InnerExceptions.Count);
        }
    }
}
