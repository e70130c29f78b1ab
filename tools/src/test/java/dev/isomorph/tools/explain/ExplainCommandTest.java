package dev.isomorph.tools.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.Registers;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.tools.GuestElf;
import dev.isomorph.tools.JsonReader;
import dev.isomorph.tools.MainProcess;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class ExplainCommandTest {
  private static final long CODE = GuestElf.BASE + GuestElf.HEADERS;
  private static final int STATUS = 7;

  @TempDir Path directory;

  /** A program with a loop, in a function of its own, that stores to memory. */
  private String program() throws IOException {
    RiscvAssembler code = new RiscvAssembler();
    RiscvAssembler.Label buffer = new RiscvAssembler.Label();
    code.la(Registers.S0, buffer).li(Registers.T0, 100_000);
    RiscvAssembler.Label spin = code.here();
    code.emit(Opcode.SD, Registers.T0, 0, Registers.S0);
    code.emit(Opcode.ADDI, Registers.T0, Registers.T0, -1);
    code.branch(Opcode.BNE, Registers.T0, 0, spin);
    code.li(Registers.A0, STATUS).li(Registers.A7, 93).emit(Opcode.ECALL);
    code.align(8).bind(buffer).data(new byte[8]);
    return GuestElf.of(code)
        .symbol("_start", CODE)
        .symbol("spin<&>", CODE + code.offset(spin))
        .write(directory.resolve("program"))
        .toString();
  }

  private MainProcess.Result explain(String... options) throws IOException {
    String[] words = new String[options.length + 6];
    System.arraycopy(options, 0, words, 6, options.length);
    words[0] = "explain";
    words[1] = "--regions";
    words[2] = "--json";
    words[3] = directory.resolve("report.json").toString();
    words[4] = "-o";
    words[5] = directory.resolve("report.html").toString();
    return MainProcess.run(directory, words);
  }

  private Map<?, ?> json() throws IOException {
    return (Map<?, ?>) JsonReader.read(Files.readString(directory.resolve("report.json")));
  }

  @Test
  void thePageIsWhole() throws Exception {
    MainProcess.Result result = explain(program(), "an argument");
    assertEquals(STATUS, result.status(), result.err());
    assertEquals("", result.out());
    assertEquals(
        "isomorph explain: the report is in " + directory.resolve("report.html") + "\n",
        result.err());
    Document page =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(directory.resolve("report.html").toFile());
    Element html = page.getDocumentElement();
    assertEquals("html", html.getTagName());
    assertTrue(html.getElementsByTagName("title").item(0).getTextContent().contains("argument"));
    NodeList all = html.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      assertFalse(
          element.hasAttribute("src") || element.hasAttribute("href"), element.getTagName());
    }
    assertFalse(html.getElementsByTagName("style").item(0).getTextContent().contains("url("));
    Element data = (Element) html.getElementsByTagName("script").item(0);
    assertEquals("application/json", data.getAttribute("type"));
    assertEquals(json(), JsonReader.read(data.getTextContent()));
  }

  @Test
  void aBrowserShowsIt() throws Exception {
    String browser = browser();
    assumeTrue(browser != null, "no chromium on the PATH");
    explain(program());
    Path shown = directory.resolve("shown.html");
    Process process =
        new ProcessBuilder(
                browser,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + directory.resolve("browser"),
                "--dump-dom",
                directory.resolve("report.html").toUri().toString())
            .redirectOutput(shown.toFile())
            .redirectError(Redirect.DISCARD)
            .start();
    assumeTrue(process.waitFor() == 0, "the browser does not start here");
    String text = Files.readString(shown);
    // The last thing that the script does, so it has come to its end.
    assertTrue(text.contains("<div id=\"refusals\"><"), text);
    assertTrue(text.contains("<details class=\"translation\" id=\"t0\" open"), text);
    assertTrue(text.contains("aria-pressed=\"true\""), text);
  }

  private static String browser() {
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
        if (Files.isExecutable(Path.of(folder, name))) {
          return name;
        }
      }
    }
    return null;
  }

  @Test
  void functionsHaveTheirNames() throws IOException {
    explain(program());
    List<?> translations = (List<?>) json().get("translations");
    assertTrue(
        translations.stream().anyMatch(each -> "_start".equals(((Map<?, ?>) each).get("place"))),
        translations.toString());
    assertTrue(
        translations.stream()
            .flatMap(each -> rows((Map<?, ?>) each).stream())
            .anyMatch(row -> "spin<&>".equals(row.get("place"))));
  }

  /** The row of the program's store; null if the translation has none. */
  private static Map<?, ?> store(Map<?, ?> translation) {
    return rows(translation).stream()
        .filter(row -> row.get("guest").toString().startsWith("sd "))
        .findFirst()
        .orElse(null);
  }

  private static List<Map<?, ?>> rows(Map<?, ?> translation) {
    List<?> rows = (List<?>) ((Map<?, ?>) translation.get("code")).get("rows");
    return rows.stream().<Map<?, ?>>map(row -> (Map<?, ?>) row).toList();
  }

  @Test
  void codeIsShownByGuestInstruction() throws IOException {
    explain(program());
    Map<?, ?> region =
        ((List<?>) json().get("translations"))
            .stream()
                .<Map<?, ?>>map(each -> (Map<?, ?>) each)
                .filter(each -> "region".equals(each.get("kind")) && store(each) != null)
                .findFirst()
                .get();
    Map<?, ?> code = (Map<?, ?>) region.get("code");
    List<?> stages = (List<?>) code.get("stages");
    assertEquals("lifted", stages.getFirst());
    assertEquals("places chosen", stages.getLast());
    List<Map<?, ?>> rows = rows(region);
    for (Map<?, ?> row : rows) {
      assertEquals(stages.size(), ((List<?>) row.get("ir")).size());
    }
    Map<?, ?> store = store(region);
    assertTrue(((List<?>) store.get("ir")).getFirst().toString().contains("ST64"), store + "");
    assertFalse(((List<?>) store.get("host")).isEmpty());
    String aside =
        ((List<?>) code.get("aside"))
            .stream()
                .map(piece -> ((Map<?, ?>) piece).get("kind").toString())
                .collect(Collectors.joining(","));
    assertTrue(aside.contains("way out") && aside.contains("stop"), aside);
    assertTrue(
        ((List<?>) code.get("nodes"))
            .stream().anyMatch(node -> Boolean.TRUE.equals(((Map<?, ?>) node).get("head"))));
  }

  @Test
  void countsAreExact() throws IOException {
    assertEquals(STATUS, explain("--count", program()).status());
    Map<?, ?> work = (Map<?, ?>) json().get("work");
    double guest = (Double) work.get("guest instructions executed");
    assertTrue(guest > 300_000 && guest < 300_020, work.toString());
  }

  @Test
  void whereThereIsNoPlaceForThePageNothingRuns() throws IOException {
    MainProcess.Result result =
        MainProcess.run(directory, "explain", "-o", "/none/such/page.html", program());
    assertEquals(1, result.status());
    assertEquals(
        "isomorph explain: /none/such/page.html: no such file or directory\n", result.err());
  }
}
