package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.CpuFeatures.Feature;
import dev.isomorph.hostbackend.HostMemory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code made beforehand is what would be made now, for the same build and processor only. */
class StencilFileTest {
  private static final String BUILD = "isomorph.jar 1 2\n";

  @TempDir private static File folder;
  private static File file;

  @BeforeAll
  static void make() throws IOException {
    file = new File(folder, "stencils");
    StencilFile.make(file, CpuFeatures.ALL, BUILD);
  }

  @Test
  void holdsWhatIsMadeOfCommonInstructions() {
    Stubs stubs = new Stubs(0x7000_0000_0000L);
    try (Stencils known = StencilFile.open(file, CpuFeatures.ALL, BUILD);
        Stencils empty = new Stencils()) {
      StencilMaker kept = new StencilMaker(stubs, CpuFeatures.ALL, known);
      StencilMaker made = new StencilMaker(stubs, CpuFeatures.ALL, empty);
      // Any encodings: most of these are in the file, others made now.
      for (int i = 0; i < 100_000; i++) {
        int bits = i < 1 << 16 ? i : i * 0x9e37_79b9 | 3;
        int a = kept.stencilOf(bits);
        int b = made.stencilOf(bits);
        assertEquals(empty.kind(b), known.kind(a));
        assertEquals(empty.detail(b), known.detail(a));
        assertArrayEquals(code(empty, b), code(known, a), Integer.toHexString(bits));
      }
    }
  }

  private static byte[] code(Stencils stencils, int stencil) {
    byte[] code = new byte[stencils.length(stencil)];
    HostMemory.copyOut(stencils.code(stencil), code, 0, code.length);
    return code;
  }

  @Test
  void isOfOneBuildAndProcessor() throws IOException {
    assertNull(StencilFile.open(file, CpuFeatures.ALL, "isomorph.jar 1 3\n"));
    CpuFeatures less = CpuFeatures.ALL.without(Set.of(Feature.BMI2));
    assertNull(StencilFile.open(file, less, BUILD));
    assertNull(StencilFile.open(new File(folder, "none"), CpuFeatures.ALL, BUILD));
    byte[] content = Files.readAllBytes(file.toPath());
    File cut = new File(folder, "cut");
    for (int length : new int[] {0, Stencils.HEAD, content.length - 1}) {
      Files.write(cut.toPath(), Arrays.copyOf(content, length));
      assertNull(StencilFile.open(cut, CpuFeatures.ALL, BUILD), length + " bytes");
    }
  }

  /** What one process adds is seen by no other, and is forgotten when there is too much. */
  @Test
  void additionsAreOnesOwn() {
    byte[] code = {1, 2, 3};
    try (Stencils one = StencilFile.open(file, CpuFeatures.ALL, BUILD);
        Stencils other = StencilFile.open(file, CpuFeatures.ALL, BUILD)) {
      int added = 0x7b;
      int stencil = one.add(added, Stencils.Kind.PLAIN, 0, code, code.length);
      assertArrayEquals(code, code(one, stencil));
      assertEquals(stencil, one.find(added));
      assertEquals(Stencils.NONE, other.find(added));
      for (int i = 1; i < Stencils.MOST; i++) {
        one.add(i << 7 | added, Stencils.Kind.UNIQUE, 0, code, 0);
      }
      assertEquals(Stencils.NONE, one.find(added));
      int common = 0x8082; // ret
      assertNotEquals(Stencils.NONE, one.find(common));
      assertEquals(other.find(common), one.find(common));
    }
  }
}
