using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Vitrine.Server.Requests;

/// <summary>Which methods an address takes: routing itself does not tell what is not there from what is asked for with another method, since the screen answers everything.</summary>
internal sealed class TakenMethods(EndpointDataSource endpoints, ParameterPolicyFactory policies)
{
    private readonly Lazy<IReadOnlyList<Call>> _calls = new(() => [.. endpoints.Endpoints.OfType<RouteEndpoint>().Select(CallOrNull).OfType<Call>()]);

    /// <returns>In the order of the alphabet; empty where no call has the address.</returns>
    public IReadOnlyList<string> At(HttpContext context) =>
        [.. _calls.Value.Where(call => IsAt(call, context)).SelectMany(call => call.Methods).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Null for the screen, which is what is left.</summary>
    private static Call? CallOrNull(RouteEndpoint endpoint) => endpoint.Order != int.MaxValue && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { } methods
        ? new Call(endpoint.RoutePattern, new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []), methods.HttpMethods)
        : null;

    private bool IsAt(Call call, HttpContext context)
    {
        var values = new RouteValueDictionary();
        return call.Matcher.TryMatch(context.Request.Path, values)
            && call.Pattern.ParameterPolicies.All(policy => policy.Value.All(one => Allows(call.Pattern.GetParameter(policy.Key), one, values, context)));
    }

    /// <summary>Whether the value is of the kind that the pattern wants, such as a whole number.</summary>
    private bool Allows(RoutePatternParameterPart? parameter, RoutePatternParameterPolicyReference policy, RouteValueDictionary values, HttpContext context) =>
        parameter is null || policies.Create(parameter, policy) is not IRouteConstraint constraint
        || constraint.Match(context, route: null, parameter.Name, values, RouteDirection.IncomingRequest);

    private sealed record Call(RoutePattern Pattern, TemplateMatcher Matcher, IReadOnlyList<string> Methods);
}
