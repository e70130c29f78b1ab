package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.gdb.DebugRegister.Feature;
import java.nio.charset.StandardCharsets;

/** Tells GDB what registers there are ("Target Description Format" in its manual). */
final class TargetDescription {
  private static final String HEAD =
      """
      <?xml version="1.0"?>
      <!DOCTYPE target SYSTEM "gdb-target.dtd">
      <target version="1.0">
        <architecture>riscv:rv64</architecture>
      """;

  private static final String FLOATS =
      """
          <union id="riscv_double">
            <field name="float" type="ieee_single"/>
            <field name="double" type="ieee_double"/>
          </union>
      """;

  private static final String REGISTER =
      "    <reg name=\"%s\" bitsize=\"%d\" regnum=\"%d\" type=\"%s\" group=\"%s\"/>%n";

  private TargetDescription() {}

  /** The document {@code target.xml}. */
  static byte[] xml() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Feature feature : Feature.values()) {
      text.append("  <feature name=\"").append(feature.text()).append("\">\n");
      if (feature == Feature.FPU) {
        text.append(FLOATS);
      }
      for (DebugRegister each : DebugRegisters.all()) {
        if (each.feature() == feature) {
          text.append(
              REGISTER.formatted(
                  each.name(), each.bits(), each.number(), each.type(), each.group()));
        }
      }
      text.append("  </feature>\n");
    }
    return text.append("</target>\n").toString().getBytes(StandardCharsets.US_ASCII);
  }
}
