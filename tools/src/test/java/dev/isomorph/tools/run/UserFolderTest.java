package dev.isomorph.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The specification: a relative or empty path counts as not set. */
class UserFolderTest {
  @Test
  void isWhereTheSpecificationSays() {
    assertEquals("/c/isomorph", UserFolder.forCaches(Map.of("XDG_CACHE_HOME", "/c", "HOME", "/h")));
    assertEquals("/h/.cache/isomorph", UserFolder.forCaches(Map.of("HOME", "/h")));
    assertEquals(
        "/h/.cache/isomorph", UserFolder.forCaches(Map.of("XDG_CACHE_HOME", "c", "HOME", "/h")));
    assertEquals(
        "/h/.cache/isomorph", UserFolder.forCaches(Map.of("XDG_CACHE_HOME", "", "HOME", "/h")));
    assertNull(UserFolder.forCaches(Map.of("HOME", "")));
    assertNull(UserFolder.forCaches(Map.of()));
  }
}
