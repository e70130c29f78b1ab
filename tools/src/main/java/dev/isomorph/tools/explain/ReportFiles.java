package dev.isomorph.tools.explain;

import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the report goes.
 *
 * @param page the HTML page
 * @param json its content for programs; may be null
 * @param top how many translations are shown with their code
 */
record ReportFiles(Path page, Path json, int top) {
  void write(Recorder.Run run) {
    Map<String, Object> report = new ReportData(run, top).toMap();
    try {
      Files.writeString(page, HtmlPage.of(run.command(), report));
      if (json != null) {
        Files.writeString(json, Json.write(report));
      }
      System.err.println("isomorph explain: the report is in " + page);
    } catch (IOException e) {
      System.err.println("isomorph explain: " + Failures.reason(e));
      throw new UncheckedIOException(e);
    }
  }
}
