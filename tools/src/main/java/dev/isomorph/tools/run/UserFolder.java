package dev.isomorph.tools.run;

import java.util.Map;

/** Where users have what programs keep for them (XDG Base Directory Specification 0.8). */
final class UserFolder {
  private UserFolder() {}

  /**
   * The folder for translations.
   *
   * @param wanted a folder, "user" or "none"; null for what the environment says, or else "user"
   * @return null if there are to be none, or the environment names no folder
   */
  static String forTranslations(String wanted, Map<String, String> environment) {
    String choice = wanted == null ? environment.get(RunCommand.TRANSLATIONS) : wanted;
    if (choice == null || choice.isEmpty() || choice.equals("user")) {
      return forCaches(environment);
    }
    return choice.equals(RunCommand.NO_TRANSLATIONS) ? null : choice;
  }

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
