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

  @Test
  void translationsAreKeptThereUnlessToldOtherwise() {
    Map<String, String> home = Map.of("HOME", "/h");
    Map<String, String> none = Map.of("HOME", "/h", "ISOMORPH_TRANSLATIONS", "none");
    assertEquals("/h/.cache/isomorph", UserFolder.forTranslations(null, home));
    assertEquals("/h/.cache/isomorph", UserFolder.forTranslations("user", none));
    assertEquals("/d", UserFolder.forTranslations("/d", none));
    assertNull(UserFolder.forTranslations(null, none));
    assertNull(UserFolder.forTranslations("none", home));
    assertNull(UserFolder.forTranslations(null, Map.of()));
    assertEquals(
        "/h/.cache/isomorph",
        UserFolder.forTranslations(null, Map.of("HOME", "/h", "ISOMORPH_TRANSLATIONS", "")));
    assertEquals(
        "/e",
        UserFolder.forTranslations(null, Map.of("HOME", "/h", "ISOMORPH_TRANSLATIONS", "/e")));
  }
}
