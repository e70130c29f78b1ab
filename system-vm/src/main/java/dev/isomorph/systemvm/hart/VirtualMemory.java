package dev.isomorph.systemvm.hart;

import dev.isomorph.engine.CodePages;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Mmu;
import dev.isomorph.engine.WrittenFrames;
import dev.isomorph.hostbackend.lower.Context;
import dev.isomorph.hostbackend.lower.Tlb;
import dev.isomorph.hostbackend.lower.Zones;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.translator.eval.DataMemory;
import java.util.List;

/** The memory that a hart sees, by the page tables and rights of the moment. */
final class VirtualMemory implements Mmu, AutoCloseable {
  private static final int MOST_DATA_VIEWS = 24;
  private static final int MOST_CODE_VIEWS = 16;

  /** Of the host's address space, where pages of users have aliases. */
  private static final int MOST_ZONES = 32;

  /** Pages that are looked at when one of them gets an alias. */
  private static final int AROUND = 16;

  private static final long PAGE_OFFSET = PageWalker.PAGE - 1;

  private final PrivilegedState state;
  private final PageWalker walker;
  private final PhysicalBus bus;
  private final Ram ram;
  private final VirtualData data;
  private final Translation translation = new Translation();
  private final Zones zones;
  private final Views<DataView> dataViews;
  private final Views<CodeView> codeViews = new Views<>(MOST_CODE_VIEWS, CodeView::new);
  private final CodeMemory code;
  private final WrittenFrames written;
  private DataView dataView;
  private CodeView codeView;
  private boolean contextChanged = true;

  /** The address space whose contexts the hart knows. */
  private long contextsOf;

  private boolean floats;
  private boolean supervisor;
  private boolean lends = true;
  private TrapCause fetchFault;

  /** Whether all of the page can be fetched that was asked for last. */
  private boolean wholePage;

  VirtualMemory(
      PrivilegedState state,
      PageWalker walker,
      PhysicalBus bus,
      CodeMemory code,
      WrittenFrames written) {
    this.state = state;
    this.walker = walker;
    this.code = code;
    this.written = written;
    this.bus = bus;
    ram = bus.ram();
    zones = ram.memory().isShared() ? new Zones(ram.memory(), MOST_ZONES) : Zones.NONE;
    dataViews = new Views<>(MOST_DATA_VIEWS, () -> new DataView(zones));
    data = new VirtualData(walker, bus, this::used);
  }

  private void used(long address) {
    if (dataView != null) {
      dataView.tlb().wantZone(address);
    }
  }

  /** Has translated code leave for each access to a control and status register. */
  void lendNothing() {
    lends = false;
    contextChanged = true;
  }

  /** Privilege, rights or address space may be others than before. */
  void contextChanged() {
    contextChanged = true;
  }

  /** Has the hart see what it is to see now. */
  void select(Hart hart) {
    if (!contextChanged) {
      return;
    }
    contextChanged = false;
    floats = state.isFloatUnitDirty();
    long satp = state.satp();
    Privilege access = state.dataPrivilege();
    boolean bare = Paging.of(satp) == Paging.BARE;
    long dataSpace = bare || access == Privilege.MACHINE ? 0 : satp;
    dataView = dataViews.find(dataSpace, rights(access), isOfKernel(access));
    hart.use(dataView.tlb());
    Privilege privilege = state.privilege();
    supervisor = lends && privilege == Privilege.SUPERVISOR;
    long codeSpace = bare || privilege == Privilege.MACHINE ? 0 : satp;
    codeView =
        codeViews.find(
            codeSpace, privilege.code() | (floats ? 1 << 2 : 0), privilege == Privilege.SUPERVISOR);
    hart.use(codeView.jumps());
    tellContext(hart, satp, privilege);
  }

  private void tellContext(Hart hart, long satp, Privilege privilege) {
    boolean isUsual = (state.status() & (Status.MXR | Status.MPRV)) == 0;
    if (satp != contextsOf || !isUsual) {
      hart.forgetContexts();
      contextsOf = satp;
    }
    if (lends && isUsual && privilege != Privilege.MACHINE) {
      hart.inContext(Context.of(supervisor, floats, (state.status() & Status.SUM) != 0));
    }
  }

  @Override
  public void left(Hart hart) {
    state.takeBackContext(hart.evaluatorView());
    select(hart);
  }

  /** What a supervisor sees without SUM is its own, which mostly is in all address spaces. */
  private boolean isOfKernel(Privilege access) {
    return access == Privilege.SUPERVISOR && (state.status() & Status.SUM) == 0;
  }

  private int rights(Privilege access) {
    int rights = access.code();
    if (access == Privilege.SUPERVISOR && (state.status() & Status.SUM) != 0) {
      rights |= 1 << 2;
    }
    if ((state.status() & Status.MXR) != 0) {
      rights |= 1 << 3;
    }
    return rights;
  }

  /** As {@link HartListener#fence}. */
  void fence(boolean allAddresses, long address, int asid) {
    dataViews.fence(allAddresses, address, asid);
    codeViews.fence(allAddresses, address, asid);
  }

  @Override
  public boolean supervisor() {
    return supervisor;
  }

  @Override
  public boolean floats() {
    return floats;
  }

  @Override
  public int frame(long pc) {
    int known = codeView.frame(pc);
    wholePage = known != NO_FRAME;
    if (wholePage) {
      return known;
    }
    fetchFault = walker.translate(pc, 2, AccessKind.FETCH, translation);
    if (fetchFault != null) {
      return NO_FRAME;
    }
    int frame = code.frame(translation.physicalPage());
    if (frame == NO_FRAME) {
      fetchFault = TrapCause.FETCH_ACCESS_FAULT;
    } else if (translation.isWholePage()) {
      wholePage = true;
      codeView.fill(pc, translation, frame);
    }
    return frame;
  }

  @Override
  public boolean isWholePage() {
    return wholePage;
  }

  @Override
  public CodePages recentCode() {
    return codeView.known();
  }

  /** Why {@link #frame} had none. */
  TrapCause fetchFault() {
    return fetchFault;
  }

  @Override
  public boolean fill(long address, int bytes, boolean store) {
    if ((address & PAGE_OFFSET) + bytes > PageWalker.PAGE || data.isWatched(address)) {
      return false;
    }
    AccessKind kind = store ? AccessKind.STORE : AccessKind.LOAD;
    if (walker.translate(address, bytes, kind, translation) != null) {
      return false;
    }
    long page = translation.physicalPage();
    if (!translation.isWholePage() || !ram.contains(page, PageWalker.PAGE)) {
      return false;
    }
    if (store) {
      if (bus.isWatched(page)) {
        return false;
      }
      written.note(code.frame(page));
    }
    dataView.fill(address, translation, ram.hostAddress(page, PageWalker.PAGE), store);
    return true;
  }

  @Override
  public boolean fillAlias(long host, boolean store) {
    long address = dataView.tlb().guestAt(host);
    if (address == Tlb.NOWHERE || !Tlb.mayAlias(address) || !fill(address, 1, store)) {
      return false;
    }
    long first = address & -AROUND * PageWalker.PAGE;
    long[] hosts = new long[AROUND];
    for (int i = 0; i < AROUND; i++) {
      hosts[i] = aliasOf(first + i * PageWalker.PAGE);
    }
    long own = hosts[(int) ((address - first) / PageWalker.PAGE)];
    return own != 0 && (!store || (own & Tlb.STORES) != 0) && dataView.alias(first, hosts);
  }

  /**
   * Where a page is that may be accessed without anything in memory being changed, or noted, for
   * it; as {@link Tlb#alias} takes it.
   */
  private long aliasOf(long address) {
    if (!Tlb.mayAlias(address)
        || data.isWatched(address)
        || walker.translateAsIs(address, 1, AccessKind.LOAD, translation) != null) {
      return 0;
    }
    long page = translation.physicalPage();
    if (!translation.isWholePage() || !ram.contains(page, PageWalker.PAGE)) {
      return 0;
    }
    dataView.noteAlias(address, translation);
    boolean stores =
        (translation.permissions() & Permissions.WRITE) != 0
            && !bus.isWatched(page)
            && written.isNoted(code.frame(page));
    return ram.hostAddress(page, PageWalker.PAGE) + (stores ? Tlb.STORES : 0);
  }

  @Override
  public boolean isAlias(long host) {
    return dataView.tlb().guestAt(host) != Tlb.NOWHERE;
  }

  @Override
  public void sampled() {
    if (state.dataPrivilege() == Privilege.USER) {
      dataView.tlb().provideZones();
    }
  }

  @Override
  public DataMemory memory() {
    return data;
  }

  /** From now on accesses to this data are told. */
  void watch(List<Watchpoint> watchpoints) {
    data.watch(watchpoints);
    dataViews.fence(true, 0, HartListener.ALL_SPACES);
  }

  @Override
  public boolean hasTripped() {
    return data.hasTripped();
  }

  /** The watched data that has been accessed since the last call, or null. */
  Watchpoint takeTripped() {
    return data.takeTripped();
  }

  /** Why the last access of {@link #memory} failed. */
  TrapCause dataFault() {
    return data.fault();
  }

  @Override
  public void close() {
    dataViews.close();
    zones.close();
    codeViews.close();
  }
}
