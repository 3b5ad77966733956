namespace Vitrine.Work;

/// <summary>Lets a running job say how far it is, and ask why it is to end.</summary>
/// <param name="tell">Shows a message.</param>
/// <param name="isCancelled">Whether a person cancelled it; default: nobody did.</param>
public sealed class JobReport(Action<string> tell, Func<bool>? isCancelled = null)
{
    /// <summary>True when somebody cancelled the job; false while the program only stops, and will go on with it.</summary>
    public bool IsCancelled => isCancelled?.Invoke() ?? false;

    public void Say(string message) => tell(message);
}
