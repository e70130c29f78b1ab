package dev.isomorph.engine;

import dev.isomorph.codecache.PageMap;
import dev.isomorph.translator.lift.CodeSource;

/** Guest code, and where it is. For whoever has the turn. */
interface MappedCode extends CodeSource {
  /** Where the pages are. */
  PageMap pages();

  /** Forgets what was mapped; to be called before each translation. */
  void refresh();
}
