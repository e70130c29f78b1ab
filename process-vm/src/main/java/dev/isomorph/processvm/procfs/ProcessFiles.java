package dev.isomorph.processvm.procfs;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.start.StackLayout;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The files of {@code /proc} for one guest process; they are made when they are opened. */
public final class ProcessFiles implements ProcFiles {
  private static final int GETTID = 186; // x86-64 system call number (asm/unistd_64.h).

  private final GuestProcess process;

  public ProcessFiles(GuestProcess process) {
    this.process = process;
  }

  @Override
  public byte[] contentFor(String guestPath) {
    StackLayout stack = process.stack();
    return switch (guestPath) {
      case "/proc/cpuinfo" -> bytes(CpuInfo.text(Runtime.getRuntime().availableProcessors()));
      case "/proc/self/maps" -> bytes(MapsText.of(process.space()));
      case "/proc/self/auxv" -> stack.auxiliaryVector();
      case "/proc/self/environ" -> memory(stack.argumentsEnd(), stack.environmentEnd());
      case "/proc/self/cmdline" -> commandLine();
      case "/proc/self/comm" -> ownThread("comm");
      case "/proc/self/stat" -> ownStat();
      case "/proc/self/statm" -> ownStatm();
      case "/proc/self/status" -> ownStatus();
      default -> null;
    };
  }

  @Override
  public String linkFor(String guestPath) {
    return guestPath.equals("/proc/self/exe") ? process.executable() : null;
  }

  /** Programs change what they are called by writing over their arguments. */
  private byte[] commandLine() {
    StackLayout stack = process.stack();
    byte[] arguments = memory(stack.argumentsStart(), stack.argumentsEnd());
    if (arguments.length == 0 || arguments[arguments.length - 1] == 0) {
      return arguments;
    }
    // The last zero is gone: one string that may run on into the environment.
    byte[] all = memory(stack.argumentsStart(), stack.environmentEnd());
    int end = 0;
    while (end < all.length && all[end] != 0) {
      end++;
    }
    return java.util.Arrays.copyOf(all, end);
  }

  private byte[] memory(long start, long end) {
    AddressSpace space = process.space();
    if (!space.readable(start, end - start)) {
      return new byte[0];
    }
    byte[] bytes = new byte[(int) (end - start)];
    HostMemory.copyOut(space.hostAddress(start), bytes, 0, bytes.length);
    return bytes;
  }

  private byte[] ownStat() {
    byte[] host = hostFile("/proc/self/stat");
    return host == null
        ? null
        : bytes(ProcessStat.stat(text(host), threadName(), process, process.space().mappedBytes()));
  }

  private byte[] ownStatus() {
    byte[] host = hostFile("/proc/self/status");
    return host == null
        ? null
        : bytes(ProcessStat.status(text(host), threadName(), process.space().mappedBytes()));
  }

  private byte[] ownStatm() {
    byte[] host = hostFile("/proc/self/statm");
    return host == null
        ? null
        : bytes(ProcessStat.statm(text(host), process.space().mappedBytes()));
  }

  /** The guest's thread carries the guest's name; the host process has another. */
  private String threadName() {
    byte[] name = ownThread("comm");
    return name == null ? "" : text(name).trim();
  }

  private static byte[] ownThread(String file) {
    long thread = HostCalls.syscall(GETTID, 0, 0, 0, 0, 0, 0);
    return hostFile("/proc/self/task/" + thread + "/" + file);
  }

  private static byte[] hostFile(String path) {
    try (FileInputStream file = new FileInputStream(path)) {
      return file.readAllBytes();
    } catch (IOException e) {
      return null;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
