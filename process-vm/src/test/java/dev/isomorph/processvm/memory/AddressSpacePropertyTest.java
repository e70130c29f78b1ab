package dev.isomorph.processvm.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.LittleEndianDataOutputStream;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random sequences of calls: answers, areas, contents, and what the host says it has mapped agree
 * with a model that knows only pages.
 */
class AddressSpacePropertyTest {
  private static final long PAGE = AddressSpace.PAGE;
  private static final long SIZE = 1L << 30;
  private static final long FIRST = 0x100000;
  private static final int ARENA_PAGES = 24;
  private static final int FILE_PAGES = 64;
  private static final int OPEN = 2;
  private static final int CLOSE = 3;

  private static final MappedFile FILE = new MappedFile("/a file", 1, 2);
  private static Path path;
  private static int descriptor;

  @BeforeContainer
  static void openFile() throws IOException {
    path = Files.createTempFile("address-space", null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LittleEndianDataOutputStream content = new LittleEndianDataOutputStream(bytes);
    for (long i = 0; i < FILE_PAGES; i++) {
      content.writeLong(AddressSpaceTest.fileContent(i * PAGE));
      content.write(new byte[(int) PAGE - 8]);
    }
    Files.write(path, bytes.toByteArray());
    descriptor = open();
    assertTrue(descriptor > 0);
  }

  /** Opens the file for reading. */
  private static int open() {
    byte[] name = (path + "\0").getBytes(StandardCharsets.ISO_8859_1);
    long scratch = HostMemory.allocate(PAGE);
    HostMemory.copyIn(name, 0, scratch, name.length);
    int opened = (int) HostCalls.syscall(OPEN, scratch, 0, 0, 0, 0, 0);
    HostMemory.free(scratch, PAGE);
    return opened;
  }

  @AfterContainer
  static void closeFile() throws IOException {
    HostCalls.syscall(CLOSE, descriptor, 0, 0, 0, 0, 0);
    Files.delete(path);
  }

  /** A call; pages are counted from the beginning of the arena that all calls quarrel about. */
  sealed interface Call {
    record MapAt(int page, int pages, int protection, int flags) implements Call {}

    record MapFile(int page, int pages, int protection, int filePage) implements Call {}

    record MapAnywhere(int hint, int pages, int protection, int flags) implements Call {}

    record Unmap(int page, int pages) implements Call {}

    record Protect(int page, int pages, int protection) implements Call {}

    record Remap(int page, int oldPages, int newPages) implements Call {}

    record RemapTo(int page, int oldPages, int newPages, int target) implements Call {}

    record Discard(int page, int pages) implements Call {}
  }

  @Provide
  Arbitrary<Call> calls() {
    Arbitrary<Integer> page = Arbitraries.integers().between(0, ARENA_PAGES - 1);
    Arbitrary<Integer> pages = Arbitraries.integers().between(1, 6);
    Arbitrary<Integer> protection = Arbitraries.of(0, 1, 3, 3, 3, 5, 7);
    Arbitrary<Integer> flags =
        Arbitraries.of(
            Mman.MAP_PRIVATE,
            Mman.MAP_PRIVATE,
            Mman.MAP_SHARED,
            Mman.MAP_PRIVATE | Mman.MAP_NORESERVE);
    return Arbitraries.oneOf(
        Combinators.combine(page, pages, protection, flags).as(Call.MapAt::new),
        Combinators.combine(page, pages, protection, page).as(Call.MapFile::new),
        Combinators.combine(page, pages, protection, flags).as(Call.MapAnywhere::new),
        Combinators.combine(page, pages).as(Call.Unmap::new),
        Combinators.combine(page, pages, protection).as(Call.Protect::new),
        Combinators.combine(page, pages, pages).as(Call.Remap::new),
        Combinators.combine(page, pages, pages, page).as(Call.RemapTo::new),
        Combinators.combine(page, pages).as(Call.Discard::new));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void agreesWithTheModelAndTheHost(@ForAll @Size(max = 40) List<@From("calls") Call> calls)
      throws IOException {
    AddressSpace space = new AddressSpace(SIZE, 8L << 20, (start, end) -> {});
    try {
      PageModel model = new PageModel();
      long number = 1;
      for (Call call : calls) {
        perform(call, space, model);
        compareAreas(space, model);
        compareContents(space, model);
        number = scribble(space, model, number);
      }
      compareHost(space, model);
      compareCopy(space, model);
    } finally {
      space.release();
    }
  }

  private static long at(int page) {
    return FIRST + page * PAGE;
  }

  /** A length for which calls take that many pages: they round up. */
  private static long length(int pages) {
    return pages * PAGE - pages % 3 * 1000;
  }

  private static void perform(Call call, AddressSpace space, PageModel model) {
    switch (call) {
      case Call.MapAt(int page, int pages, int protection, int flags) -> {
        long result =
            space.mmap(
                at(page),
                length(pages),
                protection,
                flags | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED,
                -1,
                0,
                null);
        assertEquals(at(page), result);
        modelMap(space, model, at(page), pages, protection, flags);
      }
      case Call.MapFile(int page, int pages, int protection, int filePage) -> {
        int flags = Mman.MAP_PRIVATE;
        long offset = filePage * PAGE;
        assertEquals(
            at(page),
            space.mmap(
                at(page),
                length(pages),
                protection,
                flags | Mman.MAP_FIXED,
                descriptor,
                offset,
                FILE));
        model.map(at(page), pages * PAGE, new PageModel.Page(protection, flags, FILE, offset, 0));
      }
      case Call.MapAnywhere(int hint, int pages, int protection, int flags) -> {
        boolean free = model.isFree(at(hint), pages * PAGE);
        int all = flags | Mman.MAP_ANONYMOUS;
        long result = space.mmap(at(hint), length(pages), protection, all, -1, 0, null);
        assertTrue(result > 0 && model.isFree(result, pages * PAGE));
        assertEquals(free, result == at(hint));
        modelMap(space, model, result, pages, protection, flags);
      }
      case Call.Unmap(int page, int pages) -> {
        assertEquals(0, space.munmap(at(page), length(pages)));
        model.unmap(at(page), pages * PAGE);
      }
      case Call.Protect(int page, int pages, int protection) ->
          assertEquals(
              model.protect(at(page), pages * PAGE, protection),
              space.mprotect(at(page), length(pages), protection));
      case Call.Remap(int page, int oldPages, int newPages) ->
          remap(space, model, at(page), oldPages * PAGE, newPages * PAGE, -1);
      case Call.RemapTo(int page, int oldPages, int newPages, int target) ->
          remap(space, model, at(page), oldPages * PAGE, newPages * PAGE, at(target));
      case Call.Discard(int page, int pages) -> {
        boolean gap = false;
        for (long at = at(page); at < at(page + pages); at += PAGE) {
          PageModel.Page found = model.pages.get(at);
          gap |= found == null;
          if (found != null && (found.flags() & Mman.MAP_SHARED) == 0) {
            long fresh = found.file() == null ? 0 : AddressSpaceTest.fileContent(found.offset());
            model.pages.put(at, found.with(fresh));
          }
        }
        assertEquals(
            gap ? -Errno.ENOMEM : 0, space.madvise(at(page), length(pages), Mman.MADV_DONTNEED));
      }
    }
  }

  /** What the model cannot know about shared memory is which nameless file it is. */
  private static void modelMap(
      AddressSpace space, PageModel model, long start, int pages, int protection, int flags) {
    MappedFile file = space.area(start).file();
    model.map(start, pages * PAGE, new PageModel.Page(protection, flags, file, 0, 0));
    for (long at = start; at < start + pages * PAGE; at += PAGE) {
      model.pages.put(at, model.pages.get(at).with(0));
    }
  }

  private static void remap(
      AddressSpace space, PageModel model, long from, long oldLength, long newLength, long to) {
    PageModel.Page first = model.pages.get(from);
    if (first != null && (first.flags() & Mman.MAP_SHARED) != 0 && newLength > oldLength) {
      return; // Shared anonymous memory cannot be touched beyond its first length.
    }
    boolean fixed = to >= 0;
    int flags = Mman.MREMAP_MAYMOVE | (fixed ? Mman.MREMAP_FIXED : 0);
    long result = space.mremap(from, oldLength, newLength, flags, fixed ? to : 0);
    if (first == null) {
      assertEquals(-Errno.EFAULT, result);
      return;
    }
    if (fixed) {
      if (to < from + oldLength && from < to + newLength) {
        assertEquals(-Errno.EINVAL, result);
        return;
      }
      // The target is gone, and what is cut off, even if the move is refused then.
      model.unmap(to, newLength);
      if (oldLength > newLength) {
        model.unmap(from + newLength, oldLength - newLength);
      }
    } else if (oldLength >= newLength) {
      if (oldLength > newLength) {
        model.unmap(from + newLength, oldLength - newLength);
      }
      assertEquals(from, result);
      return;
    }
    long kept = Math.min(oldLength, newLength);
    long end = model.areaEnd(from);
    if (kept > end - from) {
      assertEquals(-Errno.EFAULT, result);
      return;
    }
    boolean inPlace = !fixed && from + kept == end && model.isFree(end, newLength - kept);
    assertEquals(fixed ? to : inPlace ? from : result, result);
    assertTrue(inPlace || result > 0 && model.isFree(result, newLength));
    model.move(from, kept, result, newLength);
  }

  private static void compareAreas(AddressSpace space, PageModel model) {
    Vma before = null;
    int pages = 0;
    for (Vma area : space.areas()) {
      assertTrue(before == null || before.end() <= area.start());
      assertTrue(before == null || !before.continuedBy(area), "not merged");
      for (long at = area.start(); at < area.end(); at += PAGE) {
        PageModel.Page page = model.pages.get(at);
        assertNotNull(page);
        assertEquals(page.protection(), area.protection());
        assertEquals(page.flags(), area.flags());
        assertEquals(page.file(), area.file());
        assertEquals(page.offset(), area.file() == null ? 0 : area.offset() + at - area.start());
        pages++;
      }
      before = area;
    }
    assertEquals(model.pages.size(), pages);
  }

  private static boolean hostReads(int protection) {
    return protection != 0;
  }

  private static void compareContents(AddressSpace space, PageModel model) {
    for (Map.Entry<Long, PageModel.Page> entry : model.pages.entrySet()) {
      if (hostReads(entry.getValue().protection())) {
        assertEquals(
            entry.getValue().content(),
            HostMemory.getLong(space.hostAddress(entry.getKey())),
            () -> Long.toHexString(entry.getKey()));
      }
    }
  }

  /** Gives every third writable page a number that no other page has. */
  private static long scribble(AddressSpace space, PageModel model, long number) {
    long next = number;
    for (Map.Entry<Long, PageModel.Page> entry : model.pages.entrySet()) {
      if (space.writable(entry.getKey(), 8) && ++next % 3 == 0) {
        HostMemory.putLong(space.hostAddress(entry.getKey()), next);
        entry.setValue(entry.getValue().with(next));
      }
    }
    return next;
  }

  private static void compareHost(AddressSpace space, PageModel model) throws IOException {
    long covered = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      String[] fields = line.split(" ", 6);
      String[] range = fields[0].split("-");
      long start = Long.parseUnsignedLong(range[0], 16) - space.windowBase();
      long end = Long.parseUnsignedLong(range[1], 16) - space.windowBase();
      for (long at = Math.max(start, 0); at < Math.min(end, FIRST + 64 * PAGE); at += PAGE) {
        compareHostPage(model.pages.get(at), fields, at - start);
      }
      for (long at = Math.max(start, SIZE / 2); at < Math.min(end, SIZE); at += PAGE) {
        compareHostPage(model.pages.get(at), fields, at - start);
      }
      covered += Math.max(0, Math.min(end, SIZE) - Math.max(start, 0));
    }
    assertEquals(SIZE, covered);
  }

  /** What fork(2) makes is the same. */
  private static void compareCopy(AddressSpace space, PageModel model) throws IOException {
    AddressSpace copy = space.copy((start, end) -> {}, file -> open());
    try {
      compareAreas(copy, model);
      compareContents(copy, model);
      compareHost(copy, model);
    } finally {
      copy.release();
    }
  }

  private static void compareHostPage(PageModel.Page page, String[] fields, long into) {
    if (page == null) {
      assertEquals("---p", fields[1]);
      return;
    }
    String rights =
        (page.protection() & Mman.PROT_WRITE) != 0 ? "rw-" : page.protection() != 0 ? "r--" : "---";
    assertEquals(rights + ((page.flags() & Mman.MAP_SHARED) != 0 ? "s" : "p"), fields[1]);
    if (page.file() == FILE) {
      assertEquals(page.offset(), Long.parseLong(fields[2], 16) + into);
      assertTrue(fields[5].endsWith(path.toString()));
    }
  }
}
