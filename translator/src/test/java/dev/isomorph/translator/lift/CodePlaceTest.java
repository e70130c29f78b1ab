package dev.isomorph.translator.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CodePlaceTest {
  private static final CodePlace CALLER = new CodePlace(null, 0x1000);

  private static CodePlace.Call call() {
    return new CodePlace.Call(CALLER, 0x2000, CALLER.at(0x1004), true);
  }

  @Test
  void copiesOfAnEndStandWhereItStands() {
    CodePlace end = CALLER.at(0x1100);
    CodePlace copy = CALLER.copyAt(0x1100);
    assertNotEquals(end, copy);
    assertEquals(copy, new CodePlace(null, 0x1000).copyAt(0x1100));
    assertNotEquals(copy, CALLER.at(0x1010).copyAt(0x1100));
    assertNotEquals(0, copy.compareTo(end));
    assertTrue(copy.compareTo(CALLER.at(0x10fc)) > 0 && copy.compareTo(CALLER.at(0x1104)) < 0);
    assertEquals(CALLER.copyAt(0x1104), copy.at(0x1104));
  }

  @Test
  void copiesOfSeveralFunctionsStandBetweenTheirCallAndWhatIsBehind() {
    CodePlace.Call one = call();
    CodePlace.Call two = new CodePlace.Call(CALLER, 0x1ff0, CALLER.at(0x1004), true);
    CodePlace shared = new CodePlace(one, 0x2000);
    CodePlace again = new CodePlace(two, 0x2000);
    assertNotEquals(shared, again);
    assertTrue(again.compareTo(shared) < 0);
    assertTrue(CALLER.compareTo(again) < 0 && shared.compareTo(CALLER.at(0x1004)) < 0);
  }

  @Test
  void knowsHowManyCallsOfAFunctionAreOpen() {
    CodePlace callee = new CodePlace(call(), 0x2000);
    CodePlace.Call again = new CodePlace.Call(callee, 0x2000, callee.at(0x2004), false);
    assertEquals(0, CALLER.depthIn(0x2000));
    assertEquals(1, callee.depthIn(0x2000));
    assertEquals(2, new CodePlace(again, 0x2000).depthIn(0x2000));
    assertEquals(0, callee.depthIn(0x1000));
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
