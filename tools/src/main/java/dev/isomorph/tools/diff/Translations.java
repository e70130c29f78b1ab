package dev.isomorph.tools.diff;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.processvm.ProcessObserver;
import dev.isomorph.processvm.report.CodeListing;
import dev.isomorph.translator.ir.IrBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterOutputStream;

/** Keeps how each block was translated, in case it is to be shown. */
final class Translations {
  private final Map<TranslatedBlock, Kept> kept = new IdentityHashMap<>();

  private record Kept(byte[] ir, byte[] code) {}

  void add(TranslatedBlock block, IrBlock ir, byte[] code) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater fast = new Deflater(Deflater.BEST_SPEED);
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, fast)) {
      deflated.write(ir.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      fast.end();
    }
    kept.put(block, new Kept(out.toByteArray(), Arrays.copyOf(code, block.length())));
  }

  /** Guest code, IR and host code of a block. */
  String listing(TranslatedBlock block, ProcessObserver.Names names) {
    Kept of = kept.get(block);
    ByteArrayOutputStream ir = new ByteArrayOutputStream();
    try (InflaterOutputStream inflated = new InflaterOutputStream(ir)) {
      inflated.write(of.ir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CodeListing(names).of(block, ir.toString(StandardCharsets.US_ASCII), of.code);
  }
}
