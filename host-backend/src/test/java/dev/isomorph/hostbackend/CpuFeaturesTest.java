package dev.isomorph.hostbackend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.CpuFeatures.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CpuFeaturesTest {
  /** Names in /proc/cpuinfo that are not ours in lower case. */
  private static final Map<Feature, String> KERNEL_NAMES =
      Map.of(
          Feature.SSE3, "pni",
          Feature.LZCNT, "abm",
          Feature.LAHF, "lahf_lm",
          Feature.SHA, "sha_ni",
          Feature.AVX512VBMI2, "avx512_vbmi2",
          Feature.AVX512VNNI, "avx512_vnni",
          Feature.AVX512BITALG, "avx512_bitalg",
          Feature.AVX512VPOPCNTDQ, "avx512_vpopcntdq",
          Feature.AVX512FP16, "avx512_fp16");

  @Test
  void agreesWithTheKernel() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(l -> l.startsWith("flags"))
            .findFirst()
            .orElseThrow();
    Set<String> kernel = Set.of(line.substring(line.indexOf(':') + 2).split(" "));
    CpuFeatures features = CpuFeatures.detect();
    for (Feature feature : Feature.values()) {
      String name = KERNEL_NAMES.getOrDefault(feature, feature.name().toLowerCase());
      assertEquals(kernel.contains(name), features.has(feature), name);
    }
  }

  @Test
  void aMissingBaselineIsSaidInOneLine() {
    CpuFeatures all = CpuFeatures.of(-1);
    all.requireBaseline();
    CpuFeatures some = all.without(Set.of(Feature.AVX, Feature.SSE4_1, Feature.BMI2));
    UnsupportedOperationException e =
        assertThrows(UnsupportedOperationException.class, some::requireBaseline);
    assertEquals("this processor lacks what emitted code needs: SSE4.1, AVX", e.getMessage());
    all.without(Set.of(Feature.AVX2, Feature.BMI1, Feature.BMI2, Feature.FMA)).requireBaseline();
    assertTrue(all.has(Feature.ERMS));
  }
}
