package dev.isomorph.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonReaderTest {
  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> leaves =
        Arbitraries.oneOf(
            Arbitraries.strings().map(each -> each),
            Arbitraries.doubles().map(each -> each),
            Arbitraries.of(true, false),
            Arbitraries.just(null));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(3).map(each -> each),
                Arbitraries.maps(Arbitraries.strings(), inner).ofMaxSize(3).map(each -> each)),
        0,
        3);
  }

  @Property(tries = 300)
  void whatIsWrittenIsRead(@ForAll("values") Object value) throws IOException {
    assertEquals(value, JsonReader.read(Json.write(value)));
  }

  @Test
  void everyForm() throws IOException {
    assertEquals(
        Map.of("a", Arrays.asList(1.0, -2.5e3, true, false, null), "b", Map.of(), "c", List.of()),
        JsonReader.read(" {\"a\":[1,-2.5E+3,true , false,null],\r\n\t\"b\":{ },\"c\":[ ]} "));
    assertEquals(
        "\"\\/\b\f\n\r\té\u20ac", JsonReader.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\té\\u20aC\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "[1 2]",
        "01",
        "1.",
        "+1",
        "-",
        "tru",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\n\"",
        "1 2",
        "nullx",
        "'a'",
        "NaN"
      })
  void allElseIsRefused(String text) {
    assertThrows(IOException.class, () -> JsonReader.read(text));
  }

  @Test
  void depthIsLimited() {
    assertThrows(IOException.class, () -> JsonReader.read("[".repeat(100_000)));
  }

  @ParameterizedTest
  @CsvSource({"'{\"a\":\n\n x}', line 3: unexpected 'x'", "'[1', line 1: unexpected end"})
  void thePlaceIsSaid(String text, String message) {
    assertEquals(
        message, assertThrows(IOException.class, () -> JsonReader.read(text)).getMessage());
  }
}
