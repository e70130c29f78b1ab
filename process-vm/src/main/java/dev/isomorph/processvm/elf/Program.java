package dev.isomorph.processvm.elf;

import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.memory.AddressSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * A program found, opened and checked, but not yet loaded: all that can be wrong with its files is
 * found out here, while whoever wants to run it can still be told. Scripts have been replaced by
 * their interpreters.
 */
public final class Program implements AutoCloseable {
  /** Scripts whose interpreters are scripts, as deep as Linux follows them (fs/exec.c). */
  private static final int DEEPEST_SCRIPT = 5;

  private final Executable.Elf main;
  private final Executable.Elf loader;
  private final List<String> arguments;

  private Program(Executable.Elf main, Executable.Elf loader, List<String> arguments) {
    this.main = main;
    this.loader = loader;
    this.arguments = arguments;
  }

  /**
   * Opens a program.
   *
   * @param path guest path of the program or script
   * @param arguments argv, beginning with the program's name
   * @param limit size of the address space it is to be loaded in
   */
  public static Program open(ProgramFiles files, String path, List<String> arguments, long limit)
      throws ExecFailure {
    String name = path;
    List<String> argv = arguments;
    for (int scripts = 0; ; scripts++) {
      Executable found;
      try {
        found = find(files, name, limit);
      } catch (ExecFailure failure) {
        throw scripts == 0 ? failure : failure.asInterpreterOf(path);
      }
      if (found instanceof Executable.Elf main) {
        return new Program(main, openLoader(files, main, path, limit), argv);
      }
      if (scripts == DEEPEST_SCRIPT) {
        throw new ExecFailure(path, "a script within too many scripts", Errno.ELOOP);
      }
      ScriptLine line = (ScriptLine) found;
      argv = argumentsFor(line, name, argv);
      name = line.interpreter();
    }
  }

  /** The arguments with which a script's interpreter is run in the script's place. */
  private static List<String> argumentsFor(ScriptLine line, String script, List<String> arguments) {
    List<String> all = new ArrayList<>(arguments.size() + 2);
    all.add(line.interpreter());
    if (line.argument() != null) {
      all.add(line.argument());
    }
    all.add(script);
    for (int i = 1; i < arguments.size(); i++) {
      all.add(arguments.get(i));
    }
    return all;
  }

  /** Opens what PT_INTERP names; null if nothing does. Closes the program on failure. */
  private static Executable.Elf openLoader(
      ProgramFiles files, Executable.Elf main, String path, long limit) throws ExecFailure {
    String name = main.image().interpreter();
    if (name == null) {
      return null;
    }
    try {
      if (find(files, name, limit) instanceof Executable.Elf loader) {
        return loader;
      }
      throw new ExecFailure(name, "not an ELF file", Errno.ENOEXEC);
    } catch (ExecFailure failure) {
      main.file().close();
      ExecFailure told = failure.asInterpreterOf(path);
      throw told.errno() == Errno.ENOEXEC ? told.with(Errno.ELIBBAD) : told;
    }
  }

  private static Executable find(ProgramFiles files, String name, long limit) throws ExecFailure {
    int descriptor = files.open(name);
    if (descriptor < 0) {
      throw ExecFailure.ofErrno(name, -descriptor);
    }
    HostFile file = new HostFile(descriptor);
    Executable.Elf elf = null;
    try {
      checkFile(file, name);
      byte[] start = file.read(0, ScriptLine.LONGEST);
      if (ScriptLine.isScript(start)) {
        ScriptLine line = ScriptLine.parse(start);
        if (line == null) {
          throw new ExecFailure(name, "a script that names no interpreter", Errno.ENOEXEC);
        }
        return line;
      }
      ElfImage image = ElfImage.read(file, name, limit);
      elf = new Executable.Elf(name, files.pathOf(descriptor), file, image);
      return elf;
    } finally {
      if (elf == null) {
        file.close();
      }
    }
  }

  private static void checkFile(HostFile file, String name) throws ExecFailure {
    if (file.isDirectory()) {
      throw new ExecFailure(name, "is a directory", Errno.EACCES);
    }
    if (!file.isRegular()) {
      throw new ExecFailure(name, "not a regular file", Errno.EACCES);
    }
    if (!file.isExecutable()) {
      throw new ExecFailure(name, "not executable (permission denied)", Errno.EACCES);
    }
  }

  /** The arguments the program gets, after scripts put theirs in front. */
  public List<String> arguments() {
    return arguments;
  }

  /** The guest's path of the program, or of a script's interpreter, with no symbolic links. */
  public String path() {
    return main.path();
  }

  /** Whether the program wants to execute code on its stack. */
  public boolean executableStack() {
    return main.image().executableStack();
  }

  /** Maps the program, and what it names to load its libraries, into an empty address space. */
  public LoadedProgram load(AddressSpace space) throws ExecFailure {
    return new ElfLoader(space).load(main, loader);
  }

  @Override
  public void close() {
    main.file().close();
    if (loader != null) {
      loader.file().close();
    }
  }
}
