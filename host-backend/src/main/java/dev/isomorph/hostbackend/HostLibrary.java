package dev.isomorph.hostbackend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;

/**
 * The shared object behind {@link HostCalls}: its machine code, and its loading through a file that
 * exists only until the dynamic linker has mapped it.
 *
 * <p>JNI's native functions follow the System V calling convention with two arguments in front:
 * rdi = JNIEnv, rsi = class, then rdx, rcx, r8, r9 and the stack.
 */
final class HostLibrary {
  private static final String PREFIX = "Java_dev_isomorph_hostbackend_HostCalls_";

  /** Code of each native: first its name, then hexadecimal bytes, instruction by instruction. */
  private static final String[][] FUNCTIONS = {
    {
      "enter", // rdx = code, rcx = state
      "53", // push rbx
      "55", // push rbp
      "4154", // push r12
      "4155", // push r13
      "4156", // push r14
      "4157", // push r15
      "50", // push rax: alignment
      "4889cf", // mov rdi, rcx
      "ffd2", // call rdx
      "59", // pop rcx
      "415f", // pop r15
      "415e", // pop r14
      "415d", // pop r13
      "415c", // pop r12
      "5d", // pop rbp
      "5b", // pop rbx
      "c3", // ret
    },
    {
      "syscall", // rdx = number, rcx = a, r8 = b, r9 = c
      "4889d0", // mov rax, rdx
      "4889cf", // mov rdi, rcx
      "4c89c6", // mov rsi, r8
      "4c89ca", // mov rdx, r9
      "4c8b542408", // mov r10, [rsp + 8]
      "4c8b442410", // mov r8, [rsp + 16]
      "4c8b4c2418", // mov r9, [rsp + 24]
      "0f05", // syscall
      "c3", // ret
    },
    {
      "windowStart", //
      "488d0521000000", // lea rax, [rip + window]
      "c3", // ret
    },
    {
      "interruptibleSyscall", // rdx = flag, rcx = number, r8 = a, r9 = b
      "4889c8", // mov rax, rcx
      "4989d3", // mov r11, rdx
      "4c89c7", // mov rdi, r8
      "4c89ce", // mov rsi, r9
      "488b542408", // mov rdx, [rsp + 8]
      "4c8b542410", // mov r10, [rsp + 16]
      "4c8b442418", // mov r8, [rsp + 24]
      "4c8b4c2420", // mov r9, [rsp + 32]
      "41803b00", // window: cmp byte [r11], 0
      "7503", // jne pending
      "0f05", // syscall
      "c3", // ret
      "48c7c000feffff", // pending: mov rax, -ERESTARTSYS
      "c3", // ret
    },
    {
      "cpuid", // edx = leaf, ecx = subleaf, r8 = result
      "53", // push rbx
      "89d0", // mov eax, edx
      "0fa2", // cpuid
      "418900", // mov [r8], eax
      "41895804", // mov [r8 + 4], ebx
      "41894808", // mov [r8 + 8], ecx
      "4189500c", // mov [r8 + 12], edx
      "5b", // pop rbx
      "c3", // ret
    },
    {
      "xgetbv", //
      "31c9", // xor ecx, ecx
      "0f01d0", // xgetbv
      "48c1e220", // shl rdx, 32
      "4809d0", // or rax, rdx
      "c3", // ret
    },
  };

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          Set.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private static final int FOLDERS = 3;
  private static final int SYSCALL_OFFSET = 6;
  private static final int PENDING_OFFSET = 9;

  private HostLibrary() {}

  static HostCalls.SystemCallWindow window(long start) {
    return new HostCalls.SystemCallWindow(start, start + SYSCALL_OFFSET, start + PENDING_OFFSET);
  }

  static byte[] image() {
    String[] names = new String[FUNCTIONS.length];
    int[] offsets = new int[FUNCTIONS.length];
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < FUNCTIONS.length; i++) {
      names[i] = PREFIX.concat(FUNCTIONS[i][0]);
      offsets[i] = code.length() / 2;
      for (int j = 1; j < FUNCTIONS[i].length; j++) {
        code.append(FUNCTIONS[i][j]);
      }
    }
    return ElfSharedObject.of(HexFormat.of().parseHex(code), names, offsets);
  }

  /**
   * Loads the library from a file in the first folder that lets it be executed.
   *
   * @throws UnsatisfiedLinkError if there is none, saying why in one line
   */
  static void load() {
    byte[] image = image();
    StringBuilder failures = new StringBuilder("no folder can hold executable code:");
    for (int i = 0; i < FOLDERS; i++) {
      String folder = folder(i);
      if (folder != null) {
        String failure = tryLoad(image, Path.of(folder, "isomorph-".concat(Long.toString(System.nanoTime()))));
        if (failure == null) {
          return;
        }
        failures.append(' ').append(failure).append(';');
      }
    }
    throw new UnsatisfiedLinkError(failures.substring(0, failures.length() - 1));
  }

  /** Cheapest first: reading the environment for the first time takes a millisecond. */
  private static String folder(int choice) {
    return switch (choice) {
      case 0 -> "/dev/shm";
      case 1 -> System.getenv("XDG_RUNTIME_DIR");
      default -> System.getProperty("java.io.tmpdir");
    };
  }

  /** Returns null when loaded, else why not. */
  @SuppressWarnings("restricted") // native access is what this class is for
  private static String tryLoad(byte[] image, Path file) {
    try {
      write(image, file);
      System.load(file.toString());
      return null;
    } catch (IOException e) {
      return e.getClass().getSimpleName() + " " + e.getMessage();
    } catch (UnsatisfiedLinkError e) {
      return e.getMessage();
    } finally {
      file.toFile().delete();
    }
  }

  private static void write(byte[] image, Path file) throws IOException {
    // Created afresh and ours alone: the folder may be open to every user of the machine.
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_ONLY)) {
      channel.write(ByteBuffer.wrap(image));
    }
  }
}
