package dev.isomorph.systemvm.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SbiTest {
  private static final int BASE = 0x10;
  private static final int TIME = 0x54494d45;
  private static final int IPI = 0x735049;
  private static final int FENCE = 0x52464e43;
  private static final int HSM = 0x48534d;
  private static final int RESET = 0x53525354;
  private static final int CONSOLE = 0x4442434e;
  private static final long INVALID_PARAM = -3;
  private static final long INVALID_ADDRESS = -5;
  private static final SbiResult NOT_SUPPORTED = new SbiResult.Standard(-2, 0);

  private final RecordingPlatform machine = new RecordingPlatform(4);
  private final Sbi sbi = new Sbi(machine);

  private SbiResult call(int hart, int extension, int function, long... arguments) {
    return sbi.call(hart, extension, function, Arrays.copyOf(arguments, 6));
  }

  private void succeeds(SbiResult result, String... deeds) {
    assertEquals(SbiResult.SUCCESS, result);
    assertEquals(List.of(deeds), machine.taken());
  }

  private void fails(long error, SbiResult result) {
    assertEquals(new SbiResult.Standard(error, 0), result);
    assertEquals(List.of(), machine.taken());
  }

  @ParameterizedTest
  @CsvSource({"0,0x2000000", "1,0x49736f", "2,1", "4,0x11", "5,0x22", "6,0x33"})
  void saysWhatItIs(int function, String value) {
    assertEquals(SbiResult.of(Long.decode(value)), call(0, BASE, function));
  }

  @ParameterizedTest
  @CsvSource({
    "0x10,1",
    "0x54494d45,1",
    "0x735049,1",
    "0x52464e43,1",
    "0x48534d,1",
    "0x53525354,1",
    "0x4442434e,1",
    "0x504d55,1",
    "0,1",
    "1,1",
    "2,1",
    "3,1",
    "8,1",
    "4,0",
    "5,0",
    "9,0",
    "0x43505043,0",
    "0x53535450,0",
    "0x100000010,0"
  })
  void saysWhatItHas(String extension, long there) {
    assertEquals(SbiResult.of(there), call(0, BASE, 3, Long.decode(extension)));
  }

  @Test
  void hasNothingElse() {
    assertEquals(NOT_SUPPORTED, call(0, BASE, 7));
    assertEquals(NOT_SUPPORTED, call(0, 0x11, 0));
    assertEquals(NOT_SUPPORTED, call(0, FENCE, 3, 1, 0));
    assertEquals(NOT_SUPPORTED, sbi.call(0, 0x1_0000_0010L, 0, new long[6]));
    assertEquals(NOT_SUPPORTED, sbi.call(0, BASE, 1L << 32, new long[6]));
  }

  @Test
  void knowsTheNamesOfCalls() {
    assertEquals("sbi_set_timer", sbi.name(TIME, 0));
    assertEquals("sbi_console_putchar", sbi.name(1, 77));
    assertNull(sbi.name(TIME, 1));
    assertNull(sbi.name(99, 0));
  }

  @Test
  void setsTimers() {
    succeeds(call(2, TIME, 0, -1), "timer 2 18446744073709551615");
  }

  @Test
  void sendsInterrupts() {
    succeeds(call(0, IPI, 0, 0b101, 1), "raise 1010");
    succeeds(call(0, IPI, 0, 0, -1), "raise 1111");
    succeeds(call(0, IPI, 0, 0, 99), "raise 0");
  }

  @ParameterizedTest
  @CsvSource({"16,0", "1,4", "8,1", "1,-2", "0x4000000000000000,3", "1,64", "-1,0"})
  void knowsHartsThatAreNot(String mask, long base) {
    fails(INVALID_PARAM, call(0, IPI, 0, Long.decode(mask), base));
    fails(INVALID_PARAM, call(0, FENCE, 0, Long.decode(mask), base));
  }

  @Test
  void setsOfHartsMayBeFull() {
    assertEquals(-1, HartMask.all(64));
    assertEquals(true, HartMask.isValid(-1, 0, 64));
    assertEquals(false, HartMask.isValid(-1, 1, 64));
    assertEquals(true, HartMask.isValid(1, 63, 64));
    assertEquals(1L << 63, HartMask.of(1, 63, 64));
  }

  @Test
  void fences() {
    succeeds(call(1, FENCE, 0, 0b11, 2), "fence 1 1100 Instructions[]");
    succeeds(call(1, FENCE, 1, 1, 0, 0x1000, 0x2000), "fence 1 1 Addresses[start=4096, size=8192]");
    succeeds(call(1, FENCE, 1, 1, 0, 0, 0), "fence 1 1 Addresses[start=0, size=-1]");
    succeeds(
        call(1, FENCE, 2, 1, 0, 0, 4096, 7), "fence 1 1 AddressesOf[asid=7, start=0, size=4096]");
    fails(INVALID_PARAM, call(1, FENCE, 2, 1, 0, 0, 4096, 0x10000));
  }

  @Test
  void startsHarts() {
    long code = RecordingPlatform.RAM + 0x100;
    assertEquals(SbiResult.of(1), call(0, HSM, 2, 3));
    succeeds(call(0, HSM, 0, 3, code, 42), "start 3 80000100 42");
    assertEquals(SbiResult.of(0), call(0, HSM, 2, 3));
    fails(-6, call(0, HSM, 0, 3, code, 42));
    fails(INVALID_PARAM, call(0, HSM, 0, 4, code, 42));
    fails(INVALID_PARAM, call(0, HSM, 0, 1L << 32, code, 42));
    fails(INVALID_ADDRESS, call(0, HSM, 0, 1, 0x1000, 42));
    fails(INVALID_ADDRESS, call(0, HSM, 0, 1, code + 1, 42));
    fails(INVALID_PARAM, call(0, HSM, 2, -1));
  }

  @Test
  void stopsAndSuspendsHarts() {
    long code = RecordingPlatform.RAM;
    succeeds(call(1, HSM, 1), "stop 1");
    succeeds(call(1, HSM, 3, 0), "suspend 1");
    succeeds(call(1, HSM, 3, 0xffff_ffff_8000_0000L, code, 5), "suspend 1 80000000 5");
    fails(INVALID_ADDRESS, call(1, HSM, 3, 0x8000_0000L, 0, 5));
    fails(INVALID_PARAM, call(1, HSM, 3, 1));
    fails(INVALID_PARAM, call(1, HSM, 3, 0x1000_0000));
  }

  @Test
  void resets() {
    succeeds(call(0, RESET, 0, 0, 0), "Reset[type=SHUTDOWN, failed=false]");
    succeeds(call(0, RESET, 0, 1, 1), "Reset[type=COLD_REBOOT, failed=true]");
    succeeds(call(0, RESET, 0, 2, 0), "Reset[type=WARM_REBOOT, failed=false]");
    fails(INVALID_PARAM, call(0, RESET, 0, 3, 0));
    fails(INVALID_PARAM, call(0, RESET, 0, 0xf000_0000L, 0));
    fails(INVALID_PARAM, call(0, RESET, 0, 0, 2));
  }

  @Test
  void printsFromMemory() {
    byte[] text = "hello".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, machine.ram, 16, text.length);
    assertEquals(SbiResult.of(5), call(0, CONSOLE, 0, 5, RecordingPlatform.RAM + 16, 0));
    succeeds(call(0, CONSOLE, 2, 0x100 + '!'), "print hello", "print !");
  }

  @Test
  void printsNoMoreThanSomeAtOnce() {
    assertEquals(SbiResult.of(4096), call(0, CONSOLE, 0, 0x10000, RecordingPlatform.RAM, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void consoleNeedsMemory(int function) {
    long end = RecordingPlatform.RAM + machine.ram.length;
    fails(INVALID_PARAM, call(0, CONSOLE, function, 2, end - 1, 0));
    fails(INVALID_PARAM, call(0, CONSOLE, function, -1, RecordingPlatform.RAM, 0));
    fails(INVALID_PARAM, call(0, CONSOLE, function, 1, RecordingPlatform.RAM, 1));
  }

  @Test
  void readsWhatIsTyped() {
    machine.typed.addAll(List.of((byte) 'a', (byte) 0xff, (byte) 'c'));
    assertEquals(SbiResult.of(2), call(0, CONSOLE, 1, 2, RecordingPlatform.RAM, 0));
    assertEquals('a', machine.ram[0]);
    assertEquals((byte) 0xff, machine.ram[1]);
    assertEquals(0, machine.ram[2]);
    assertEquals(SbiResult.of(1), call(0, CONSOLE, 1, 9, RecordingPlatform.RAM, 0));
    assertEquals(SbiResult.of(0), call(0, CONSOLE, 1, 9, RecordingPlatform.RAM, 0));
  }

  @Test
  void answersOldCalls() {
    machine.typed.add((byte) 'x');
    assertEquals(new SbiResult.Legacy('x'), call(0, 2, 5));
    assertEquals(new SbiResult.Legacy(-1), call(0, 2, 5));
    assertEquals(new SbiResult.Legacy(0), call(1, 0, 0, 1000));
    assertEquals(new SbiResult.Legacy(0), call(0, 1, 0, '@'));
    assertEquals(new SbiResult.Legacy(0), call(3, 3, 0));
    assertEquals(new SbiResult.Legacy(0), call(0, 8, 0));
    assertEquals(
        List.of("timer 1 1000", "print @", "clear 3", "Reset[type=SHUTDOWN, failed=false]"),
        machine.taken());
  }
}
