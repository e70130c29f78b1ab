package dev.isomorph.hostbackend;

import java.util.Set;

/**
 * What the processor offers and the operating system allows (Intel SDM vol. 2, CPUID; vol. 1,
 * 13.3).
 */
public final class CpuFeatures {
  /** Registers that cpuid answers in, as indices of its result. */
  private static final int EBX = 1;

  private static final int ECX = 2;
  private static final int EDX = 3;

  private static final int EXTENDED = 0x8000_0001;

  /** Bits of XCR0: the state the operating system saves. */
  private static final int NO_STATE = 0;

  private static final int YMM_STATE = 0x06;
  private static final int ZMM_STATE = 0xe6;

  /** A feature: leaf, register and bit of cpuid, and the register state it needs. */
  public enum Feature {
    SSE3("SSE3", 1, ECX, 0, NO_STATE),
    PCLMULQDQ("PCLMULQDQ", 1, ECX, 1, NO_STATE),
    SSSE3("SSSE3", 1, ECX, 9, NO_STATE),
    FMA("FMA", 1, ECX, 12, YMM_STATE),
    CX16("CMPXCHG16B", 1, ECX, 13, NO_STATE),
    SSE4_1("SSE4.1", 1, ECX, 19, NO_STATE),
    SSE4_2("SSE4.2", 1, ECX, 20, NO_STATE),
    MOVBE("MOVBE", 1, ECX, 22, NO_STATE),
    POPCNT("POPCNT", 1, ECX, 23, NO_STATE),
    AES("AES", 1, ECX, 25, NO_STATE),
    AVX("AVX", 1, ECX, 28, YMM_STATE),
    F16C("F16C", 1, ECX, 29, YMM_STATE),
    BMI1("BMI1", 7, EBX, 3, NO_STATE),
    AVX2("AVX2", 7, EBX, 5, YMM_STATE),
    BMI2("BMI2", 7, EBX, 8, NO_STATE),
    ERMS("ERMS", 7, EBX, 9, NO_STATE),
    AVX512F("AVX512F", 7, EBX, 16, ZMM_STATE),
    AVX512DQ("AVX512DQ", 7, EBX, 17, ZMM_STATE),
    AVX512IFMA("AVX512_IFMA", 7, EBX, 21, ZMM_STATE),
    AVX512CD("AVX512CD", 7, EBX, 28, ZMM_STATE),
    SHA("SHA", 7, EBX, 29, NO_STATE),
    AVX512BW("AVX512BW", 7, EBX, 30, ZMM_STATE),
    AVX512VL("AVX512VL", 7, EBX, 31, ZMM_STATE),
    AVX512VBMI("AVX512_VBMI", 7, ECX, 1, ZMM_STATE),
    AVX512VBMI2("AVX512_VBMI2", 7, ECX, 6, ZMM_STATE),
    GFNI("GFNI", 7, ECX, 8, NO_STATE),
    VAES("VAES", 7, ECX, 9, YMM_STATE),
    VPCLMULQDQ("VPCLMULQDQ", 7, ECX, 10, YMM_STATE),
    AVX512VNNI("AVX512_VNNI", 7, ECX, 11, ZMM_STATE),
    AVX512BITALG("AVX512_BITALG", 7, ECX, 12, ZMM_STATE),
    AVX512VPOPCNTDQ("AVX512_VPOPCNTDQ", 7, ECX, 14, ZMM_STATE),
    FSRM("FSRM", 7, EDX, 4, NO_STATE),
    AVX512FP16("AVX512_FP16", 7, EDX, 23, ZMM_STATE),
    LAHF("LAHF", EXTENDED, ECX, 0, NO_STATE),
    LZCNT("LZCNT", EXTENDED, ECX, 5, NO_STATE);

    private final String text;
    private final int leaf;
    private final int register;
    private final int bit;
    private final int state;

    Feature(String text, int leaf, int register, int bit, int state) {
      this.text = text;
      this.leaf = leaf;
      this.register = register;
      this.bit = bit;
      this.state = state;
    }

    private long mask() {
      return 1L << ordinal();
    }
  }

  /**
   * What emitted code relies on: the second level of the x86-64 psABI ("x86-64-v2") as far as it is
   * used, and AVX. All else has a fallback.
   */
  private static final Feature[] REQUIRED = {
    Feature.SSE3,
    Feature.SSSE3,
    Feature.SSE4_1,
    Feature.SSE4_2,
    Feature.POPCNT,
    Feature.PCLMULQDQ,
    Feature.AVX,
  };

  /** A processor that has everything. */
  public static final CpuFeatures ALL = new CpuFeatures(-1);

  private static final int OSXSAVE_BIT = 27;

  private final long present;

  private CpuFeatures(long present) {
    this.present = present;
  }

  /** Features, by bit mask of their ordinals, for tests. */
  static CpuFeatures of(long present) {
    return new CpuFeatures(present);
  }

  /** Returns what this processor has. Asking takes some microseconds: keep the answer. */
  public static CpuFeatures detect() {
    long buffer = HostMemory.allocate(3 * 16);
    int[] leaves = {1, 7, EXTENDED};
    int highest = query(0, buffer);
    int highestExtended = query(EXTENDED - 1, buffer);
    for (int i = 0; i < leaves.length; i++) {
      long result = buffer + 16L * i;
      if (Integer.compareUnsigned(leaves[i], leaves[i] < 0 ? highestExtended : highest) <= 0) {
        query(leaves[i], result);
      } else {
        HostMemory.fill(result, 16, (byte) 0);
      }
    }
    boolean savesState = (HostMemory.getInt(buffer + 4 * ECX) >> OSXSAVE_BIT & 1) != 0;
    long states = savesState ? HostCalls.xgetbv() : 0;
    long present = 0;
    for (Feature feature : Feature.values()) {
      int leaf = 0;
      while (leaves[leaf] != feature.leaf) {
        leaf++;
      }
      int bits = HostMemory.getInt(buffer + 16L * leaf + 4L * feature.register);
      if ((bits >>> feature.bit & 1) != 0 && (states & feature.state) == feature.state) {
        present |= feature.mask();
      }
    }
    HostMemory.free(buffer, 3 * 16);
    return new CpuFeatures(present);
  }

  /** Returns eax. */
  private static int query(int leaf, long result) {
    HostCalls.cpuid(leaf, 0, result);
    return HostMemory.getInt(result);
  }

  /** All that is present, a bit for each feature's ordinal. */
  public long mask() {
    return present;
  }

  public boolean has(Feature feature) {
    return (present & feature.mask()) != 0;
  }

  /** As if the processor lacked some features. */
  public CpuFeatures without(Set<Feature> absent) {
    long left = present;
    for (Feature feature : absent) {
      left &= ~feature.mask();
    }
    return new CpuFeatures(left);
  }

  /**
   * Makes sure that emitted code can run here.
   *
   * @throws UnsupportedOperationException naming in one line what the processor lacks
   */
  public void requireBaseline() {
    StringBuilder missing = new StringBuilder();
    for (Feature feature : REQUIRED) {
      if (!has(feature)) {
        missing.append(missing.isEmpty() ? "" : ", ").append(feature.text);
      }
    }
    if (!missing.isEmpty()) {
      throw new UnsupportedOperationException(
          "this processor lacks what emitted code needs: " + missing);
    }
  }
}
