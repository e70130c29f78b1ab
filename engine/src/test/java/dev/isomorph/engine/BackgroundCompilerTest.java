package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackgroundCompilerTest {
  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class})
  void goesOnAfterARegionThatCannotBeCompiled(Class<? extends Throwable> failure)
      throws InterruptedException {
    BlockingQueue<String> done = new ArrayBlockingQueue<>(1);
    BackgroundCompiler.submit(() -> fail(failure));
    BackgroundCompiler.submit(() -> done.add("the next one"));
    assertEquals("the next one", done.take());
  }

  private static void fail(Class<? extends Throwable> failure) {
    if (failure == StackOverflowError.class) {
      throw new StackOverflowError("meant by a test");
    }
    throw new IllegalStateException("meant by a test");
  }
}
