package dev.isomorph.hostbackend.signal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import org.junit.jupiter.api.Test;

class PcProbeTest {
  @Test
  void tellsWhereAThreadIs() throws Exception {
    Assembler asm = new Assembler();
    Label loop = new Label();
    asm.bind(loop);
    asm.cmp(4, Mem.of(Gpr.RDI, 0), 0);
    asm.jcc(Cond.E, loop);
    asm.ret();
    byte[] code = asm.code();
    long fields = HostMemory.allocate(64);
    long answer = fields + 8;
    long thread = fields + 16;
    PcProbe probe = PcProbe.open();
    try (ExecutableMemory memory = new ExecutableMemory(code.length)) {
      memory.copyIn(code, 0, 0, code.length);
      Thread spinning =
          new Thread(
              () -> {
                long id = HostCalls.syscall(HostLinux.GETTID, 0, 0, 0, 0, 0, 0);
                HostMemory.putLongVolatile(thread, id);
                HostCalls.enter(memory.rx(0), fields);
              });
      spinning.start();
      // It may be found before it is in the loop.
      long at = 0;
      while (at < memory.rx(0) || at >= memory.rx(code.length)) {
        int id = (int) HostMemory.getLongVolatile(thread);
        if (id != 0) {
          probe.ask(id, answer);
        }
        Thread.sleep(1);
        at = HostMemory.getLongVolatile(answer);
      }
      HostMemory.putIntVolatile(fields, 1);
      spinning.join();
      assertTrue(at < memory.rx(code.length));
    }
  }
}
