using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Vitrine.Images;

/// <summary>
/// Derived pictures in a bucket of an S3-compatible store. What was read or written here is kept in a folder of this machine too:
/// decoders read files, and a picture is fetched over the network once.
/// </summary>
public sealed class DerivedBucket : IDerivedFiles, IDisposable
{
    /// <summary>How the address of a bucket begins.</summary>
    public const string Scheme = "s3://";

    /// <summary>An object of one byte, written over again at each probe.</summary>
    private const string ProbeName = "probe";

    private readonly AmazonS3Client _client;
    private readonly DerivedFolder _nearby;
    private readonly string _bucket;
    private readonly string _prefix;

    /// <param name="address"><c>s3://bucket/prefix</c>.</param>
    /// <param name="endpoint">Of the store, such as <c>http://127.0.0.1:9000</c>; null for Amazon's own. Keys come from the environment, as AWS tools read them.</param>
    /// <param name="nearby">Where copies are kept.</param>
    /// <exception cref="ArgumentException">The address is not one of a bucket.</exception>
    public DerivedBucket(string address, Uri? endpoint, DerivedFolder nearby)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != "s3" || uri.Host.Length == 0)
            throw new ArgumentException($"'{address}' is not the address of a bucket. Expected s3://bucket/prefix.", nameof(address));
        (_bucket, _prefix) = (uri.Host, uri.AbsolutePath.Trim('/'));
        _prefix += _prefix.Length > 0 ? "/" : "";
        (Description, _nearby) = (address, nearby);
        var settings = new AmazonS3Config
        {
            // Stores other than Amazon's know neither its checksums nor names of buckets in the host name.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = endpoint is not null,
            MaxErrorRetry = 3,
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (endpoint is not null)
            settings.ServiceURL = endpoint.ToString();
        _client = new AmazonS3Client(settings);
    }

    public string Description { get; }

    public async Task<string?> FindOrNullAsync(DerivedName name, CancellationToken cancellationToken)
    {
        if (await _nearby.FindOrNullAsync(name, cancellationToken) is { } copy)
            return copy;
        try
        {
            using var answer = await _client.GetObjectAsync(_bucket, _prefix + name.Key, cancellationToken);
            using var picture = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(picture, cancellationToken);
            await _nearby.WriteAsync(name, picture.ToArray(), cancellationToken);
            return await _nearby.FindOrNullAsync(name, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            throw new IOException($"{name} cannot be read from {Description}: {exception.Message}", exception);
        }
    }

    public async Task WriteAsync(DerivedName name, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        await PutAsync(name, picture, cancellationToken);
        await _nearby.WriteAsync(name, picture, cancellationToken);
    }

    public async Task<bool> IsWritableAsync(CancellationToken cancellationToken)
    {
        if (!await _nearby.IsWritableAsync(cancellationToken))
            return false;
        try
        {
            await _client.PutObjectAsync(
                new PutObjectRequest { BucketName = _bucket, Key = _prefix + ProbeName, InputStream = new MemoryStream([0]), UseChunkEncoding = false }, cancellationToken);
            return true;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            return false;
        }
    }

    /// <remarks>No copy is kept here: the file is one. The store is asked first, so that what it has is not sent again.</remarks>
    public async Task<bool> TakeOverAsync(DerivedName name, string file, CancellationToken cancellationToken)
    {
        try
        {
            await _client.GetObjectMetadataAsync(_bucket, _prefix + name.Key, cancellationToken);
            return false;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return await PutAsync(name, await File.ReadAllBytesAsync(file, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            throw new IOException($"{name} cannot be looked for in {Description}: {exception.Message}", exception);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <returns>False when another process has written it, or is about to.</returns>
    private async Task<bool> PutAsync(DerivedName name, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        try
        {
            await _client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = _bucket,
                    Key = _prefix + name.Key,
                    InputStream = new MemoryStream(picture.ToArray()),
                    ContentType = "image/webp",
                    UseChunkEncoding = false, // a few kilobytes, and not every store knows it
                    IfNoneMatch = "*", // the same name is the same picture: whoever comes second need not send it
                },
                cancellationToken);
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return false;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            throw new IOException($"{name} cannot be written to {Description}: {exception.Message}", exception);
        }
    }

    private static bool IsTrouble(Exception exception) => exception is AmazonServiceException or AmazonClientException or HttpRequestException;
}
