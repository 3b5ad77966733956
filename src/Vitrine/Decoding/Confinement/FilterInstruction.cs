using System.Runtime.InteropServices;

namespace Vitrine.Decoding.Confinement;

/// <summary>
/// One instruction of classic BPF, as the kernel takes it (linux/filter.h):
/// <code>
/// u16 code       what to do
/// u8  if true    instructions to leave out where a comparison holds
/// u8  if false   and where it does not
/// u32 value      what to compare with, where to load from, or what to answer
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value)
{
    public const ushort LoadCode = 0x20, EqualCode = 0x15, AtLeastCode = 0x35, AnyBitCode = 0x45, AnswerCode = 0x06;

    /// <summary>Where the number and the processor of a call stand in what the kernel shows a filter (struct seccomp_data).</summary>
    public const uint Number = 0, Processor = 4;

    private const uint Arguments = 16, BytesOfArgument = 8;

    /// <summary>Loads 32 bits.</summary>
    public static FilterInstruction Load(uint offset) => new(LoadCode, 0, 0, offset);

    /// <summary>Loads the lower half of an argument, 0 to 5: both processors are little-endian, and all arguments that are looked at are 32-bit numbers.</summary>
    public static FilterInstruction LoadArgument(uint argument) => Load(Arguments + (argument * BytesOfArgument));

    public static FilterInstruction IfEqual(uint value, byte then = 0, byte otherwise = 0) => new(EqualCode, then, otherwise, value);

    public static FilterInstruction IfAtLeast(uint value, byte then = 0, byte otherwise = 0) => new(AtLeastCode, then, otherwise, value);

    public static FilterInstruction IfAnyBit(uint bits, byte then = 0, byte otherwise = 0) => new(AnyBitCode, then, otherwise, bits);

    public static FilterInstruction Allow { get; } = new(AnswerCode, 0, 0, 0x7FFF_0000);

    /// <summary>The call is not done; its caller gets this error number.</summary>
    public static FilterInstruction Refuse(int error) => new(AnswerCode, 0, 0, 0x0005_0000 | (uint)error);
}
