package dev.isomorph.tools.explain;

import dev.isomorph.tools.Json;
import dev.isomorph.tools.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The report as one HTML page: a template that has style, script and data put into it. The script
 * makes tables of the data when the page is opened.
 */
final class HtmlPage {
  private HtmlPage() {}

  static String of(String command, Map<String, Object> report) {
    return resource("report.html")
        .replace("@TITLE@", Markup.escape(command))
        .replace("@STYLE@", resource("report.css"))
        .replace("@SCRIPT@", resource("report.js"))
        .replace("@DATA@", inScript(Json.write(report)));
  }

  /** JSON that neither HTML nor XML takes for markup. */
  private static String inScript(String json) {
    return json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
  }

  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
