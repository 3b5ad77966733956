namespace Vitrine.Images.Vips;

/// <summary>
/// One libvips operation, by its nickname and named properties (as <c>vips NICKNAME --help</c> lists them):
/// <c>new VipsOperation("thumbnail_buffer").With("width", 320)…Run("out")</c>.
/// </summary>
/// <remarks>Not thread-safe. Numbers are turned by GObject into what the property has (enumeration, flags, double).</remarks>
internal sealed class VipsOperation
{
    private readonly string _nickname;
    private nint _handle;

    /// <exception cref="VipsException">This libvips has no such operation.</exception>
    public VipsOperation(string nickname)
    {
        VipsLibrary.Initialize();
        _nickname = nickname;
        _handle = VipsNative.OperationNew(_nickname);
        if (_handle == 0)
            throw VipsException.FromErrorBuffer(_nickname);
    }

    public VipsOperation With(string property, int content)
    {
        var value = Value(VipsNative.IntType);
        VipsNative.ValueSetInt(ref value, content);
        return With(property, ref value);
    }

    public VipsOperation With(string property, bool content)
    {
        var value = Value(VipsNative.BooleanType);
        VipsNative.ValueSetBoolean(ref value, content);
        return With(property, ref value);
    }

    public VipsOperation With(string property, double content)
    {
        var value = Value(VipsNative.DoubleType);
        VipsNative.ValueSetDouble(ref value, content);
        return With(property, ref value);
    }

    public VipsOperation With(string property, string content)
    {
        var value = Value(VipsNative.StringType);
        VipsNative.ValueSetString(ref value, content);
        return With(property, ref value);
    }

    public VipsOperation With(string property, VipsImage content)
    {
        var value = Value(VipsNative.ObjectType);
        VipsNative.ValueSetObject(ref value, content.Handle);
        return With(property, ref value);
    }

    public VipsOperation With(string property, params double[] content)
    {
        var value = Value(VipsNative.ArrayDoubleType());
        VipsNative.ValueSetArrayDouble(ref value, content, content.Length);
        return With(property, ref value);
    }

    public VipsOperation With(string property, params VipsImage[] content)
    {
        var value = Value(VipsNative.ArrayImageType());
        // The array takes its own references.
        var area = VipsNative.ArrayImageNew([.. content.Select(image => image.Handle)], content.Length);
        VipsNative.ValueSetBoxed(ref value, area);
        VipsNative.AreaUnref(area);
        return With(property, ref value);
    }

    /// <summary>Bytes that libvips reads in place: they must stay where they are until everything made from them is disposed.</summary>
    public VipsOperation With(string property, FileBuffer content)
    {
        var value = Value(VipsNative.BlobType());
        var blob = VipsNative.BlobNew(0, content.Address, (nuint)content.Length);
        VipsNative.ValueSetBoxed(ref value, blob);
        VipsNative.AreaUnref(blob);
        return With(property, ref value);
    }

    /// <summary>Builds the operation and takes one image out of it. The operation is used up.</summary>
    /// <exception cref="VipsException">libvips refused.</exception>
    public VipsImage Run(string output)
    {
        Build();
        var value = Value(VipsNative.ObjectType);
        try
        {
            VipsNative.GetProperty(_handle, output, ref value);
            return new VipsImage(VipsNative.ObjectRef(VipsNative.ValueGetObject(value)));
        }
        finally
        {
            VipsNative.ValueUnset(ref value);
            Release();
        }
    }

    /// <summary>Builds a saver and copies the bytes it made. The operation is used up.</summary>
    /// <exception cref="VipsException">libvips refused, or decoding what is saved failed.</exception>
    public unsafe byte[] RunToBytes(string output = "buffer")
    {
        Build();
        var value = Value(VipsNative.BlobType());
        try
        {
            VipsNative.GetProperty(_handle, output, ref value);
            var content = VipsNative.BlobGet(VipsNative.ValueGetBoxed(value), out var length);
            return new ReadOnlySpan<byte>((void*)content, checked((int)length)).ToArray();
        }
        finally
        {
            VipsNative.ValueUnset(ref value);
            Release();
        }
    }

    /// <summary>Builds an operation that has no output, such as a saver to a file. The operation is used up.</summary>
    /// <exception cref="VipsException">libvips refused.</exception>
    public void Run()
    {
        Build();
        Release();
    }

    private static GValue Value(nint type)
    {
        var value = default(GValue);
        VipsNative.ValueInit(ref value, type);
        return value;
    }

    private VipsOperation With(string property, ref GValue value)
    {
        VipsNative.SetProperty(_handle, property, value);
        VipsNative.ValueUnset(ref value);
        return this;
    }

    private void Build()
    {
        var built = VipsNative.OperationBuild(_handle);
        if (built == 0)
        {
            Release();
            throw VipsException.FromErrorBuffer(_nickname);
        }
        // The built operation may be another one (from the cache) and is always a new reference.
        VipsNative.ObjectUnref(_handle);
        _handle = built;
    }

    /// <summary>An operation holds a reference to each of its outputs until told otherwise: without this every image leaks.</summary>
    private void Release()
    {
        VipsNative.UnrefOutputs(_handle);
        VipsNative.ObjectUnref(_handle);
        _handle = 0;
    }
}
