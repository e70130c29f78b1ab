package dev.isomorph.conformance.fuzz;

import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.engine.TranslationStore;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Isomorph's engine in this process, a new one for each program. */
final class EngineMachine implements Machine {
  private static final int PATIENCE_SECONDS = 60;
  private static final long ECALL_LENGTH = 4;

  private final String name;
  private final String command;
  private final EngineOptions options;
  private final ProgramMemory memory = new ProgramMemory();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  EngineMachine(String name, String command, EngineOptions options) {
    this.name = name;
    this.command = command;
    this.options = options;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String command() {
    return command;
  }

  @Override
  public Result run(Image image) throws InterruptedException {
    return run(image, null);
  }

  /** The same with translations that are kept. */
  Result run(Image image, TranslationStore kept) throws InterruptedException {
    memory.place(image);
    SystemCalls calls = new SystemCalls(memory::copy);
    try (Engine engine = new Engine(memory, options.withTranslations(kept));
        Hart hart = engine.newHart()) {
      Future<?> alarm = clock.schedule(hart::requestPoll, PATIENCE_SECONDS, TimeUnit.SECONDS);
      try {
        hart.pc(image.entry());
        return calls.result(run(hart, calls));
      } catch (IllegalStateException e) {
        return calls.result(e.toString());
      } finally {
        alarm.cancel(false);
        awaitClock();
      }
    }
  }

  private static String run(Hart hart, SystemCalls calls) {
    while (true) {
      Stop stop = hart.run();
      switch (stop) {
        case Stop.SystemCall() -> {
          OptionalLong result = calls.call(hart::x);
          if (result.isEmpty()) {
            return Result.EXIT;
          }
          hart.x(SystemCalls.RESULT, result.getAsLong());
          hart.pc(hart.pc() + ECALL_LENGTH);
        }
        case Stop.Polled() -> {
          return Result.ENDLESS;
        }
        default -> {
          return stop + " at 0x" + Long.toHexString(hart.pc());
        }
      }
    }
  }

  /** The hart's memory goes away next: the alarm must not be about to set its flag. */
  private void awaitClock() throws InterruptedException {
    try {
      clock.submit(() -> {}).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    memory.close();
  }
}
