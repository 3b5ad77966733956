using System.Runtime.InteropServices;

namespace Vitrine.Images.Vips;

/// <summary>A GLib value: its type and two machine words. Layout from gobject/gvalue.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nint Type;
    private readonly long _first;
    private readonly long _second;
}

/// <summary>
/// The functions of libvips and GLib that the binding needs. None is variadic: those have another calling convention on some platforms.
/// GLib's are found through the same library handle, because libvips either depends on GLib or contains it.
/// </summary>
internal static partial class VipsNative
{
    /// <summary>The name that <see cref="VipsLibrary"/> resolves.</summary>
    public const string Library = "vips";

    // Fundamental types of GObject are fixed numbers: G_TYPE_MAKE_FUNDAMENTAL(n) is n << 2.
    public const nint BooleanType = 5 << 2;
    public const nint IntType = 6 << 2;
    public const nint DoubleType = 15 << 2;
    public const nint StringType = 16 << 2;
    public const nint ObjectType = 20 << 2;

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    public static partial void CacheSetMax(int operations);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    public static partial void ConcurrencySet(int threads);

    [LibraryImport(Library, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void OperationBlockSet(string className, [MarshalAs(UnmanagedType.Bool)] bool blocked);

    [LibraryImport(Library, EntryPoint = "vips_version")]
    public static partial int Version(int part);

    [LibraryImport(Library, EntryPoint = "vips_type_find", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint TypeFind(string parent, string nickname);

    [LibraryImport(Library, EntryPoint = "vips_tracked_get_mem")]
    public static partial nuint TrackedMemory();

    [LibraryImport(Library, EntryPoint = "vips_tracked_get_allocs")]
    public static partial int TrackedAllocations();

    [LibraryImport(Library, EntryPoint = "vips_object_map")]
    public static unsafe partial nint ObjectMap(delegate* unmanaged[Cdecl]<nint, nint, nint, nint> visit, nint first, nint second);

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OperationNew(string nickname);

    [LibraryImport(Library, EntryPoint = "vips_cache_operation_build")]
    public static partial nint OperationBuild(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    public static partial void UnrefOutputs(nint operation);

    [LibraryImport(Library, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetProperty(nint target, string name, in GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void GetProperty(nint target, string name, ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_ref")]
    public static partial nint ObjectRef(nint target);

    [LibraryImport(Library, EntryPoint = "g_object_unref")]
    public static partial void ObjectUnref(nint target);

    [LibraryImport(Library, EntryPoint = "g_value_init")]
    public static partial nint ValueInit(ref GValue value, nint type);

    [LibraryImport(Library, EntryPoint = "g_value_unset")]
    public static partial void ValueUnset(ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_set_boolean")]
    public static partial void ValueSetBoolean(ref GValue value, [MarshalAs(UnmanagedType.Bool)] bool content);

    [LibraryImport(Library, EntryPoint = "g_value_set_int")]
    public static partial void ValueSetInt(ref GValue value, int content);

    [LibraryImport(Library, EntryPoint = "g_value_set_double")]
    public static partial void ValueSetDouble(ref GValue value, double content);

    [LibraryImport(Library, EntryPoint = "g_value_get_double")]
    public static partial double ValueGetDouble(in GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_set_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ValueSetString(ref GValue value, string content);

    [LibraryImport(Library, EntryPoint = "g_value_set_object")]
    public static partial void ValueSetObject(ref GValue value, nint content);

    [LibraryImport(Library, EntryPoint = "g_value_get_object")]
    public static partial nint ValueGetObject(in GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_set_boxed")]
    public static partial void ValueSetBoxed(ref GValue value, nint content);

    [LibraryImport(Library, EntryPoint = "g_value_get_boxed")]
    public static partial nint ValueGetBoxed(in GValue value);

    [LibraryImport(Library, EntryPoint = "vips_blob_get_type")]
    public static partial nint BlobType();

    [LibraryImport(Library, EntryPoint = "vips_blob_new")]
    public static partial nint BlobNew(nint freeFunction, nint content, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_blob_get")]
    public static partial nint BlobGet(nint blob, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_array_double_get_type")]
    public static partial nint ArrayDoubleType();

    [LibraryImport(Library, EntryPoint = "vips_value_set_array_double")]
    public static partial void ValueSetArrayDouble(ref GValue value, [In] double[] content, int length);

    [LibraryImport(Library, EntryPoint = "vips_value_get_array_image")]
    public static partial nint ValueGetArrayImage(in GValue value, out int length);

    [LibraryImport(Library, EntryPoint = "vips_array_image_get_type")]
    public static partial nint ArrayImageType();

    [LibraryImport(Library, EntryPoint = "vips_array_image_new")]
    public static partial nint ArrayImageNew([In] nint[] images, int length);

    [LibraryImport(Library, EntryPoint = "vips_area_unref")]
    public static partial void AreaUnref(nint area);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    public static partial int ImageWidth(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    public static partial int ImageHeight(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    public static partial int ImageBands(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    public static partial int ImageFormat(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    public static partial int ImageInterpretation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_typeof", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ImageGetTypeOf(nint image, string field);

    [LibraryImport(Library, EntryPoint = "vips_image_get_int", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ImageGetInt(nint image, string field, out int value);

    [LibraryImport(Library, EntryPoint = "vips_image_set_int", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ImageSetInt(nint image, string field, int value);

    [LibraryImport(Library, EntryPoint = "vips_image_set_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ImageSetString(nint image, string field, string value);

    [LibraryImport(Library, EntryPoint = "vips_image_get_blob", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ImageGetBlob(nint image, string field, out nint content, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_set_blob_copy", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ImageSetBlobCopy(nint image, string field, [In] byte[] content, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_new_from_memory")]
    public static partial nint ImageFromMemory(nint pixels, nuint length, int width, int height, int bands, int format);

    [LibraryImport(Library, EntryPoint = "vips_image_new_from_memory_copy")]
    public static partial nint ImageFromMemoryCopy(nint pixels, nuint length, int width, int height, int bands, int format);

    [LibraryImport(Library, EntryPoint = "vips_image_copy_memory")]
    public static partial nint ImageCopyMemory(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_write_to_memory")]
    public static partial nint ImageToMemory(nint image, out nuint length);

    [LibraryImport(Library, EntryPoint = "g_free")]
    public static partial void Free(nint memory);

    /// <summary>The buffer's text, which is empty afterwards; to be freed.</summary>
    [LibraryImport(Library, EntryPoint = "vips_error_buffer_copy")]
    public static partial nint ErrorBufferCopy();

    /// <summary>The buffer's text, which stays there and belongs to libvips.</summary>
    [LibraryImport(Library, EntryPoint = "vips_error_buffer")]
    public static partial nint ErrorBuffer();

    /// <summary>The name of the loader that knows the beginning of a file in memory; it belongs to libvips. 0 when none does.</summary>
    [LibraryImport(Library, EntryPoint = "vips_foreign_find_load_buffer")]
    public static partial nint FindLoaderOfBuffer(nint content, nuint length);

    /// <inheritdoc cref="FindLoaderOfBuffer"/>
    [LibraryImport(Library, EntryPoint = "vips_foreign_find_load", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindLoaderOfFile(string path);

    [LibraryImport(Library, EntryPoint = "vips_error_clear")]
    public static partial void ErrorClear();

    [LibraryImport(Library, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial uint LogSetHandler(string domain, int levels, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> handler, nint data);
}
