package dev.isomorph.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {
  @Test
  void valuesOfEveryKind() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "a\"b\\c\n\t\r\u0001é");
    map.put("numbers", Arrays.asList(1, 2.5, Double.NaN, null, true));
    map.put("none", List.of());
    map.put("empty", Map.of());
    assertEquals(
        """
        {
          "text": "a\\"b\\\\c\\n\\t\\r\\u0001é",
          "numbers": [
            1,
            2.5,
            null,
            null,
            true
          ],
          "none": [],
          "empty": {}
        }
        """,
        Json.write(map));
  }
}
