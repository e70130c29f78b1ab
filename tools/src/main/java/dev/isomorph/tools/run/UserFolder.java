package dev.isomorph.tools.run;

import java.util.Map;

/** Where users have what programs keep for them (XDG Base Directory Specification 0.8). */
final class UserFolder {
  private UserFolder() {}

  /**
   * The folder for what is kept to save time.
   *
   * @return null if the environment names none
   */
  static String forCaches(Map<String, String> environment) {
    String caches = environment.get("XDG_CACHE_HOME");
    if (isAbsolute(caches)) {
      return caches + "/isomorph";
    }
    String home = environment.get("HOME");
    return isAbsolute(home) ? home + "/.cache/isomorph" : null;
  }

  private static boolean isAbsolute(String path) {
    return path != null && path.startsWith("/");
  }
}
