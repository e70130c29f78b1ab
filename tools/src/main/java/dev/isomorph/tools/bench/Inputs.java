package dev.isomorph.tools.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Files for programs to work on: the same ones each time. */
final class Inputs {
  private static final String[] WORDS = {
    "translate",
    "block",
    "register",
    "cache",
    "return",
    "guest",
    "host",
    "code",
    "memory",
    "fault",
    "signal",
    "table",
    "a",
    "the",
    "of",
    "is"
  };

  private final Path scratch;

  Inputs(Path scratch) {
    this.scratch = scratch;
  }

  private interface Content {
    void write(Writer out, Random random) throws IOException;
  }

  /** So many lines of words and numbers. */
  Path text(long lines) throws IOException {
    return file(
        "text-" + lines + ".txt",
        (out, random) -> {
          for (long i = 0; i < lines; i++) {
            out.write(WORDS[random.nextInt(WORDS.length)]);
            out.write(' ');
            out.write(Integer.toString(random.nextInt(100_000)));
            out.write(' ');
            out.write(WORDS[random.nextInt(WORDS.length)]);
            out.write('\n');
          }
        });
  }

  /** A C source with so many functions: loops, branches, arrays, calls. */
  Path source(long functions) throws IOException {
    return file(
        "source-" + functions + ".c",
        (out, random) -> {
          out.write("static int table[256];\nint f0(int a, int b) { return a + b; }\n");
          for (long i = 1; i < functions; i++) {
            int k = random.nextInt(1, 200);
            long callee = random.nextLong(i);
            out.write(
                """
                int f%d(int a, int b) {
                  int s = %d;
                  for (int i = 0; i < a; i++) {
                    if ((i ^ b) & %d) s += table[(i * %d) & 255] * b;
                    else s ^= f%d(i, s);
                    table[i & 255] = s >> %d;
                  }
                  switch (s & 7) {
                    case 1: return s * %d;
                    case 3: return f%d(b, a);
                    case 6: return s / (b | 1);
                    default: return s - a;
                  }
                }
                """
                    .formatted(i, k, k | 1, k * 3, callee, k % 31, k * 7, callee));
          }
        });
  }

  private Path file(String name, Content content) throws IOException {
    Path file = scratch.resolve(name);
    if (!Files.exists(file)) {
      try (Writer out = Files.newBufferedWriter(file)) {
        content.write(out, new Random(1));
      }
    }
    return file;
  }
}
