package dev.isomorph.tools.trace;

import io.airlift.compress.zstd.ZstdInputStream;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** Logs on file, compressed or not. */
public final class LogFiles {
  private static final int BUFFER = 1 << 16;
  private static final int MAGIC_BYTES = 6;

  private LogFiles() {}

  /** Opens a log for reading; whether and how it is compressed is seen from its first bytes. */
  public static InputStream open(InputStream file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(file, BUFFER);
    in.mark(MAGIC_BYTES);
    byte[] start = in.readNBytes(MAGIC_BYTES);
    in.reset();
    if (startsWith(start, 0x1f, 0x8b)) {
      return new GZIPInputStream(in, BUFFER);
    }
    if (startsWith(start, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return new XZInputStream(in);
    }
    return startsWith(start, 0x28, 0xb5, 0x2f, 0xfd) ? new ZstdInputStream(in) : in;
  }

  /** Creates a log; whether and how it is compressed is told by the end of its name. */
  public static OutputStream create(Path path) throws IOException {
    OutputStream file = Files.newOutputStream(path);
    String name = path.getFileName().toString();
    if (name.endsWith(".gz")) {
      return new GZIPOutputStream(file, BUFFER);
    }
    if (name.endsWith(".xz")) {
      return new XZOutputStream(file, new LZMA2Options(LZMA2Options.PRESET_MIN));
    }
    return name.endsWith(".zst") ? new ZstdOutputStream(file) : file;
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
