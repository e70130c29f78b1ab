package dev.isomorph.systemvm.boot;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Kernels that are compressed: by gzip, or as an EFI program that unpacks itself, of which the
 * kernel is taken out (Linux, drivers/firmware/efi/libstub/zboot-header.S).
 */
final class Unpacking {
  private static final int BUFFER = 1 << 16;
  private static final int ZBOOT_HEADER = 64;
  private static final int ZBOOT_OFFSET = 8;
  private static final int ZBOOT_SIZE = 12;
  private static final int ZBOOT_METHOD = 24;
  private static final int LONGEST_METHOD = 32;

  /** A way of compressing, by the name that kernels have for it. */
  private record Method(String name, Opener opener) {}

  private interface Opener {
    InputStream open(InputStream packed) throws IOException;
  }

  private static final List<Method> METHODS =
      List.of(
          new Method("gzip", in -> new GZIPInputStream(in, BUFFER)),
          new Method("zstd", ZstdInputStream::new),
          new Method("zstd22", ZstdInputStream::new));

  private Unpacking() {}

  /**
   * Unpacks a file made by gzip.
   *
   * @param name of the file, for messages
   * @param limit bytes that it may become
   */
  static byte[] gzip(String name, byte[] file, long limit) throws BootException {
    return unpack(name, METHODS.getFirst(), new ByteArrayInputStream(file), limit);
  }

  /** Unpacks the kernel that is in an EFI program; see {@link #gzip}. */
  static byte[] zboot(String name, byte[] file, long limit) throws BootException {
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < ZBOOT_HEADER) {
      throw new BootException(name + ": truncated kernel");
    }
    long offset = Integer.toUnsignedLong(header.getInt(ZBOOT_OFFSET));
    long size = Integer.toUnsignedLong(header.getInt(ZBOOT_SIZE));
    if (offset + size > file.length) {
      throw new BootException(name + ": truncated kernel");
    }
    String method = text(file, ZBOOT_METHOD);
    for (Method each : METHODS) {
      if (each.name.equals(method)) {
        return unpack(name, each, new ByteArrayInputStream(file, (int) offset, (int) size), limit);
      }
    }
    throw new BootException(name + ": a kernel compressed by '" + method + "', not gzip or zstd");
  }

  private static byte[] unpack(String name, Method method, InputStream packed, long limit)
      throws BootException {
    try (InputStream in = method.opener.open(packed)) {
      // One byte more shows that there is more.
      byte[] content = in.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - BUFFER));
      if (content.length > limit) {
        throw new BootException(
            name + ": unpacks to more than the " + (limit >> 20) + " MiB of memory");
      }
      return content;
    } catch (BootException e) {
      throw e;
    } catch (IOException | MalformedInputException e) {
      throw new BootException(name + ": damaged: cannot be unpacked by " + method.name);
    }
  }

  private static String text(byte[] file, int start) {
    int end = start;
    while (end < start + LONGEST_METHOD && file[end] > ' ' && file[end] < 0x7f) {
      end++;
    }
    return new String(file, start, end - start, StandardCharsets.US_ASCII);
  }
}
