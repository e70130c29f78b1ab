package dev.isomorph.translator.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class CodePlaceTest {
  private static final CodePlace CALLER = new CodePlace(null, 0x1000);

  private static CodePlace.Call call() {
    return new CodePlace.Call(CALLER, CALLER.at(0x1004), true);
  }

  @Test
  void theSameAddressInTheSameCopyIsTheSamePlace() {
    CodePlace.Call call = call();
    CodePlace place = new CodePlace(call, 0x2000);
    assertEquals(place, new CodePlace(call, 0x2000));
    assertEquals(place.hashCode(), new CodePlace(call, 0x2000).hashCode());
    assertNotEquals(place, place.at(0x2004));
    assertNotEquals(place.hashCode(), place.at(0x2004).hashCode());
    assertNotEquals(place, new CodePlace(null, 0x2000));
    assertNotEquals(place, new CodePlace(call(), 0x2000));
    assertNotEquals(place, (Object) 0x2000L);
  }
}
