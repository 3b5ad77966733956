namespace Vitrine.Work;

/// <summary>Lets a running job say how far it is.</summary>
public sealed class JobReport(Action<string> tell)
{
    public void Say(string message) => tell(message);
}
