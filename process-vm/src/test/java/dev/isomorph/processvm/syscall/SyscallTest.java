package dev.isomorph.processvm.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.processvm.CProgram;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyscallTest {
  private static final String HEADER = "#include <asm/unistd.h>\n";

  @Test
  void numbersAreUnique() {
    Set<Integer> guest = new HashSet<>();
    Set<Integer> host = new HashSet<>();
    for (Syscall call : Syscall.values()) {
      assertTrue(guest.add(call.number), call.name());
      assertTrue(call.host < 0 || host.add(call.host), call.name());
      assertSame(call, Syscall.byNumber(call.number));
    }
  }

  @Test
  void otherNumbersAreNoCalls() {
    assertNull(Syscall.byNumber(-1));
    assertNull(Syscall.byNumber(38));
    assertNull(Syscall.byNumber(1L << 32 | 63));
    assertNull(Syscall.byNumber(Long.MIN_VALUE));
    assertNull(Syscall.byNumber(100_000));
  }

  @Test
  void rowsHangTogether() {
    for (Syscall call : Syscall.values()) {
      assertTrue(call.arguments.length <= 6, call.name());
      switch (call.group) {
        case PASS, WAIT, OPEN -> assertTrue(call.host >= 0, call.name());
        default -> {}
      }
      for (int i = 0; i < call.arguments.length; i++) {
        Arg argument = call.arguments[i];
        if (argument.kind == Arg.Kind.BUFFER) {
          Arg size = call.arguments[i + 1];
          assertTrue(size == Arg.SIZE || size == Arg.INT || size == Arg.UINT, call.name());
        }
        if (argument == Arg.PATH_AT) {
          assertTrue(call.indexOf(Arg.AT_FLAGS) >= 0, call.name());
        }
        if (argument == Arg.DIRFD) {
          Arg next = call.arguments[i + 1];
          boolean isPath = next.kind.name().startsWith("PATH") || next == Arg.STRING;
          assertTrue(isPath, call.name());
        }
      }
    }
  }

  /** Names and numbers in a system header; names of numbers that are aliases are left out. */
  private static Map<String, Integer> numbers(String compiler) throws Exception {
    StringBuilder source = new StringBuilder(HEADER);
    for (String line : CProgram.macros(compiler, HEADER)) {
      if (line.startsWith("#define __NR_")) {
        String macro = line.split(" ")[1];
        source.append('"').append(macro.substring("__NR_".length()));
        source.append("\" = ").append(macro).append('\n');
      }
    }
    Map<String, Integer> numbers = new HashMap<>();
    for (String line : CProgram.preprocess(compiler, source.toString())) {
      if (!line.startsWith("\"")) {
        continue;
      }
      String[] pair = line.replace("\"", "").split(" = ");
      String value = pair[1].replace("(", "").replace(")", "").strip();
      int sum = 0;
      for (String term : value.split("\\+")) {
        sum += Integer.parseInt(term.strip());
      }
      numbers.put(pair[0], sum);
    }
    return numbers;
  }

  @Test
  void guestNumbersAreThoseOfTheHeaders() throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    Map<String, Integer> numbers = numbers(CProgram.GUEST_COMPILER);
    numbers.remove("arch_specific_syscall");
    numbers.remove("syscalls");
    assertTrue(numbers.size() > 290);
    numbers.forEach(
        (name, number) -> {
          Syscall call = Syscall.byNumber(number);
          assertNotNull(call, name);
          assertEquals(name, call.callName());
        });
  }

  @Test
  void hostNumbersAreThoseOfTheHeaders() throws Exception {
    CProgram.assumePresent(CProgram.HOST_COMPILER);
    Map<String, Integer> numbers = numbers(CProgram.HOST_COMPILER);
    int checked = 0;
    for (Syscall call : Syscall.values()) {
      Integer number = numbers.get(call.callName());
      if (number != null) {
        assertEquals(number, call.host, call.name());
        checked++;
      }
    }
    assertTrue(checked > 290);
  }
}
