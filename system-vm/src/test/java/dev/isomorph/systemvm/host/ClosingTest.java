package dev.isomorph.systemvm.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void oneThatCannotBeClosedDoesNotKeepTheOthersOpen() {
    IOException full = new IOException("no space");
    IllegalStateException bug = new IllegalStateException();
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                Closing.all(
                    () -> closed.add("first"),
                    () -> {
                      throw full;
                    },
                    () -> closed.add("second"),
                    () -> {
                      throw bug;
                    },
                    () -> closed.add("third")));
    assertSame(full, thrown);
    assertArrayEquals(new Throwable[] {bug}, thrown.getSuppressed());
    assertEquals(List.of("first", "second", "third"), closed);
  }

  @Test
  void closesInOrder() throws IOException {
    Closing.all(() -> closed.add("first"), () -> closed.add("second"));
    assertEquals(List.of("first", "second"), closed);
  }
}
