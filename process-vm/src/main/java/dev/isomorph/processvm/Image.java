package dev.isomorph.processvm;

import dev.isomorph.engine.Engine;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.LoadedProgram;
import dev.isomorph.processvm.elf.Program;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.CodeInvalidator;
import dev.isomorph.processvm.procfs.GuestProcess;
import dev.isomorph.processvm.report.CodeNames;
import dev.isomorph.processvm.start.Credentials;
import dev.isomorph.processvm.start.InitialStack;
import dev.isomorph.processvm.start.StackLayout;
import dev.isomorph.processvm.start.SystemPage;
import java.util.List;

/**
 * A program in memory and the engine that translates it. It goes when the last thread goes that
 * uses it, of whichever process: there are two while one has lent the other its memory.
 */
final class Image {
  final AddressSpace space;
  final Engine engine;
  final CodeNames names;
  final CodeInvalidator code;
  final Contents contents;
  private int users = 1;

  /**
   * What has been loaded.
   *
   * @param path what the user or the guest calls the program
   * @param executable its guest path with no symbolic links
   * @param trampoline guest address of code that calls rt_sigreturn
   */
  record Contents(
      String path, LoadedProgram loaded, StackLayout stack, String executable, long trampoline) {}

  private Image(
      AddressSpace space,
      Flusher flusher,
      Contents contents,
      VmContext vm,
      ProcessObserver observer)
      throws ExecFailure {
    this.space = space;
    this.contents = contents;
    this.names = new CodeNames(space, vm.files());
    this.code = flusher;
    try {
      this.engine = new Engine(space, vm.engineOptions(contents.executable, names, observer));
    } catch (IllegalStateException unfit) {
      space.release();
      throw new ExecFailure(contents.path, unfit.getMessage(), Errno.ENOEXEC);
    }
    flusher.engine = engine;
  }

  /** Drops translations of code that has changed, once there is an engine. */
  private static final class Flusher implements CodeInvalidator {
    volatile Engine engine;

    @Override
    public void changed(long start, long end) {
      Engine translator = engine;
      if (translator != null) {
        translator.flushCode(start, end);
      }
    }
  }

  /**
   * Loads a program.
   *
   * @param path what the user or the guest calls it
   * @param stackLimit soft RLIMIT_STACK in bytes, -1 for unlimited
   * @param observer told of what the program does; null for none
   */
  static Image load(
      VmContext vm,
      String path,
      Program program,
      List<String> environment,
      long stackLimit,
      ProcessObserver observer)
      throws ExecFailure {
    Flusher flusher = new Flusher();
    AddressSpace space;
    try {
      space = new AddressSpace(stackLimit, flusher);
    } catch (IllegalStateException refused) {
      throw new ExecFailure(path, refused.getMessage(), Errno.ENOMEM);
    }
    Contents contents = null;
    try {
      contents = fill(space, path, program, environment);
    } finally {
      if (contents == null) {
        space.release();
      }
    }
    return new Image(space, flusher, contents, vm, observer);
  }

  private static Contents fill(
      AddressSpace space, String path, Program program, List<String> environment)
      throws ExecFailure {
    long top = space.mapStack(program.executableStack());
    if (top < 0) {
      throw new ExecFailure(path, "not enough memory for the stack", Errno.ENOMEM);
    }
    LoadedProgram loaded = program.load(space);
    long trampoline = SystemPage.map(space, path);
    StackLayout stack =
        InitialStack.build(
            space, top, loaded, program.arguments(), environment, path, Credentials.ofHost());
    return new Contents(path, loaded, stack, program.path(), trampoline);
  }

  /**
   * Makes a copy for a new process.
   *
   * @throws IllegalStateException if the host has no room for it
   */
  Image copy(VmContext vm) {
    Flusher flusher = new Flusher();
    AddressSpace copy = space.copy(flusher, vm.files());
    try {
      return new Image(copy, flusher, contents, vm, null);
    } catch (ExecFailure noEngine) {
      throw new IllegalStateException(noEngine.reason(), noEngine);
    }
  }

  /** What {@code /proc} tells of a process that runs the program. */
  GuestProcess process() {
    return new GuestProcess(space, contents.loaded, contents.stack, contents.executable);
  }

  /** One more thread uses it. */
  synchronized void share() {
    users++;
  }

  /** A thread uses it no more, and has closed its hart. */
  void release() {
    synchronized (this) {
      if (--users > 0) {
        return;
      }
    }
    engine.close();
    space.release();
  }
}
