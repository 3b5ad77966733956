using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Screen;

/// <summary>
/// Serves the built screen: names with a hash in them for ever, the page itself always fresh, each in the smallest form the
/// browser takes. Every address that is no file is the page, which finds its own way.
/// </summary>
internal sealed class ScreenFiles(string folder)
{
    private static readonly (string Encoding, string Suffix)[] s_encodings = [("br", ".br"), ("gzip", ".gz")];

    private readonly PhysicalFileProvider? _files = Directory.Exists(folder) ? new PhysicalFileProvider(folder) : null;
    private readonly FileExtensionContentTypeProvider _types = new();

    public async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (_files is null)
        {
            await Problems.WriteAsync(context, ProblemKind.ScreenNotBuilt, "Run 'npm ci' and 'npm run build' in web/, or start with ./vitrine, which does so.");
            return;
        }

        var file = path == "/" ? null : FileOrNull(path);
        var isAsset = path.StartsWith("/assets/", StringComparison.Ordinal);
        if (file is null && isAsset)
        {
            await Problems.WriteAsync(context, ProblemKind.NotFound, $"There is no {path}. The screen was updated: load the page again.");
            return;
        }

        await SendAsync(context, file is null ? "/index.html" : path, isAsset);
    }

    private IFileInfo? FileOrNull(string path) => _files!.GetFileInfo(path) is { Exists: true, IsDirectory: false } file ? file : null;

    private async Task SendAsync(HttpContext context, string path, bool immutable)
    {
        var response = context.Response;
        response.ContentType = _types.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        response.Headers.CacheControl = immutable ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        var file = FileOrNull(path);
        foreach (var (encoding, suffix) in s_encodings)
        {
            if (accepted.Contains(encoding, StringComparison.OrdinalIgnoreCase) && FileOrNull(path + suffix) is { } packed)
            {
                response.Headers.ContentEncoding = encoding;
                file = packed;
                break;
            }
        }

        if (file is null)
        {
            await Problems.WriteAsync(context, ProblemKind.ScreenNotBuilt, "Run 'npm run build' in web/.");
            return;
        }

        response.ContentLength = file.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await response.SendFileAsync(file, context.RequestAborted);
    }
}
