package dev.isomorph.tools.boot;

import dev.isomorph.systemvm.options.VirtioOptions;
import java.nio.file.Path;

/** The value of {@code --virtfs}. */
final class FolderText {
  private static final String OPTION = "--virtfs";

  private FolderText() {}

  /** Reads a value. */
  static VirtioOptions.Folder parse(String text) {
    KeyValues values = KeyValues.parse(OPTION, text, true);
    if (!values.kind().equals("local")) {
      throw new IllegalArgumentException("--virtfs takes local, not '" + values.kind() + "'");
    }
    Path folder = Path.of(values.require("path"));
    String tag = values.require("mount_tag");
    boolean readOnly = values.isOn("readonly", false);
    values.oneOf("security_model", "none", "mapped", "mapped-xattr", "passthrough");
    values.finish();
    return new VirtioOptions.Folder(folder, tag, readOnly);
  }
}
